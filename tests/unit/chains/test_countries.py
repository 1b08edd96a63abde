import pytest

from chains.countries import countries_in, country_name, without_countries


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("How to immigrate to canada ?", ("CA",)),
        ("Can I get British citizenship?", ("GB",)),
        ("how long can i stay in the us", ("US",)),
        ("Comment immigrer au Canada ?", ("CA",)),
        ("如何移民加拿大", ("CA",)),
        ("visa for Germany", ("DE",)),
        ("nz visa", ("NZ",)),
        ("can my sister join me in Manchester", ("GB",)),
        ("rules in Europe", ("SCHENGEN",)),
        ("Compare study permits of Canada and Australia", ("CA", "AU")),
        ("tell us about work permits", ()),
        ("My mother speaks only Spanish. Can she become a US citizen?", ()),
        ("is it enough that i speak french for canada", ("CA",)),
        ("Must papers be translated into German for the UK?", ("GB",)),
        ("a Spanish visa for my mother", ("ES",)),
    ],
)
def test_reads_the_country_whose_rules_are_asked_for(text: str, wanted: tuple[str, ...]) -> None:
    assert countries_in(text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "origins"),
    [
        ("I am from India. How can I move to the UK?", ("GB",), ("IN",)),
        ("Can a German citizen visit the US?", ("US",), ("DE",)),
        ("Can an Indian couple live in New Zealand?", ("NZ",), ()),
        ("I was born in Chad and want a visa for Canada", ("CA",), ("TD",)),
        ("I'm Canadian. How do I get a work visa for China?", ("CN",), ("CA",)),
        ("student visa for turkey, i am from iran", ("TR",), ("IR",)),
        ("I am an American, can I work in Australia?", ("AU",), ("US",)),
        ("My husband is British, how can I join him?", ("GB",), ()),
        ("I am a student in Canada", ("CA",), ()),
        ("do americans need a visa for china", ("CN",), ("US",)),
        ("Do I need a visa for Thailand as an Australian permanent resident?", ("TH",), ("AU",)),
        ("does india give visas to british citizens", ("IN",), ("GB",)),
        ("Can a British person work in Germany?", ("DE",), ("GB",)),
        ("Do US citizens need a visa for Brazil?", ("BR",), ("US",)),
        ("Do New Zealand citizens need a visa for Australia?", ("AU",), ("NZ",)),
        ("Can I travel to India with an expired Canadian permanent resident card?", ("IN", "CA"), ()),
        ("How do I apply for Canadian family sponsorship before I travel to India?", ("CA", "IN"), ()),
        ("Does Canada recognise common-law partners and does Australia?", ("CA", "AU"), ()),
        ("Does Turkey accept a German residence permit?", ("TR",), ("DE",)),
        ("Does Canada or Australia accept an Indian degree?", ("CA", "AU"), ()),
        ("How do I bring my German husband to Canada?", ("CA",), ("DE",)),
        ("Can I give my Canadian fingerprints at an American immigration office?", ("CA", "US"), ()),
        ("Can I travel to France with a German residence permit?", ("FR", "DE"), ()),
        ("How long can I stay in France without a visa as an American?", ("FR",), ("US",)),
        ("As a UK student, can I work?", ("GB",), ()),
        ("What do I need in Canada as a US green card holder?", ("CA", "US"), ()),
        ("Does it cost more in Canada as a US visa holder?", ("CA", "US"), ()),
    ],
)
def test_tells_where_a_person_comes_from_apart(text: str, wanted: tuple[str, ...], origins: tuple[str, ...]) -> None:
    found = countries_in(text)
    assert (found.wanted, found.origins) == (wanted, origins)


def test_is_certain_only_where_a_destination_stands() -> None:
    assert countries_in("How do I move to Japan?").certain
    assert countries_in("Japan student visa").certain
    assert countries_in("Will Japan let me in with an advance parole document?").certain
    assert not countries_in("I saw Jordan yesterday").certain


def test_names_a_code_within_a_sentence() -> None:
    assert country_name("US") == "the United States"
    assert country_name("CA") == "Canada"


def test_leaves_the_names_out() -> None:
    assert without_countries("How long can I stay in Canada on a visa?") == "How long can I stay in on a visa?"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("do i need english for ILR", ("GB",)),
        ("max years on h1b", ("US",)),
        ("Can I move to Canada with my green card?", ("CA",)),
        ("points for the Chancenkarte", ("DE",)),
        ("who needs an NZeTA", ("NZ",)),
        ("485 age limit", ("AU",)),
        ("485 points are enough", ()),
        ("482", ()),
        ("my B-1 was refused", ("US",)),
        ("is a B1 certificate enough", ()),
        ("how long is OPT", ("US",)),
        ("can I opt out of it", ()),
    ],
)
def test_a_word_of_one_countrys_system_names_it_where_nothing_else_does(text: str, wanted: tuple[str, ...]) -> None:
    assert countries_in(text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("İrlanda'ya nasıl göç edebilirim?", "IE"),
        ("i̇rlanda vizesi", "IE"),
        ("İran vizesi", "IR"),
        ("İtalya'da oturum izni", "IT"),
        ("KIBRIS vizesi", "CY"),
        ("birleşik krallik vizesi nasıl alınır?", "GB"),
        ("BİRLEŞİK KRALLIK vizesi", "GB"),
        ("Birleşik Krallık vizesi", "GB"),
    ],
)
def test_a_country_is_known_by_either_i_of_turkish(text: str, country: str) -> None:
    assert countries_in(text).wanted == (country,)
