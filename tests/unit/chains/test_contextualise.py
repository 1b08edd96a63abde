from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from langchain_core.language_models import FakeListChatModel

from chains.contextualise import Search, changes_subject, contextualise
from core.types import Exchange, Question

PERMIT = "How do I renew my study permit in Canada?"


def understood(text: str, *history: str | tuple[str, str]) -> Search:
    exchanges = tuple(Exchange(*(turn if isinstance(turn, tuple) else (turn, ""))) for turn in history)
    return contextualise(Question(text, as_of=date(2026, 11, 21), history=exchanges))


def translated(text: str, into_english: str) -> Search:
    model = FakeListChatModel(responses=[into_english])
    return contextualise(Question(text, as_of=date(2026, 11, 21)), model, into="en")


def test_a_long_message_is_asked_in_translation_as_it_would_be_in_english() -> None:
    said = "I came here two years ago with my sister and we live near the lake in a small flat with a cat. " * 6
    story = f"{said}How do I renew my study permit in Canada?"
    search = translated("Je suis venue ici il y a deux ans avec ma sœur. " * 8, story)
    assert search == replace(understood(story), translated="en")
    assert len(search.text) < 400 < len(story)


def test_who_takes_up_what_was_offered_asks_what_the_documents_ask() -> None:
    said = (("Combien de temps puis-je rester ?", "How long can I stay?"), ("Puis-je travailler ?", "Can I work?"))
    history = (Exchange("Parlez-moi du Canada", "", offered=said), Exchange("Et mon chat ?", ""))
    astray = FakeListChatModel(responses=["What is the weather in Germany?"])

    def asked(text: str, model: FakeListChatModel | None = astray) -> Search:
        return contextualise(Question(text, as_of=date(2026, 11, 21), history=history), model, into="en")

    taken = asked(" Puis-je travailler ? ")
    assert (taken.text, taken.translated, taken.places) == ("Can I work?", "en", ("CA",))
    assert asked("Puis-je étudier ?").text == "What is the weather in Germany?"
    # Without a model nobody would put the answer into French.
    assert asked("Puis-je travailler ?", None).translated == ""


def test_where_a_person_is_stays_known_in_translation_and_where_nothing_before_names_a_country() -> None:
    asked = "Which papers do I need for my wife to come and live in the US?"
    assert translated("Que papéis preciso para minha esposa vir morar nos EUA?", asked).places == ("US",)
    assert understood(asked, "hello, I need help").places == ("US",)
    assert understood("I live in the US. And how much is it?", PERMIT).places == ("CA",)
    renewal = "I live in Canada. How do I renew my work permit?"
    assert "US" not in understood("I'm from the US, how long does it take?", renewal).places
    lost = "I am in Germany and lost my job. What now?"
    assert "US" not in understood("I am American, by the way. How long do I have?", lost).places


@pytest.mark.parametrize(("sentences", "taken"), [(21, True), (23, False)])
def test_a_translation_that_is_far_longer_than_what_was_asked_is_not_taken(sentences: int, taken: bool) -> None:
    asked = "Et au Canada, que dois-je faire pour mon permis ? " * 3
    search = translated(asked, "You must apply online now. " * sentences)
    assert (search.translated == "en") == taken


def test_what_frames_a_translation_names_no_country_that_is_asked_for() -> None:
    asked = "Dear Canadian embassy, can my wife work?"
    assert translated("Chère ambassade du Canada, ma femme peut-elle travailler ?", asked) == replace(
        understood(asked), translated="en"
    )


def test_a_follow_up_that_comes_back_as_a_story_is_understood_by_rule() -> None:
    model = FakeListChatModel(responses=["How do I renew my study permit in Canada, I wonder. " * 9])
    question = Question("and for my wife? " * 9, as_of=date(2026, 11, 21), history=(Exchange(PERMIT, ""),))
    assert contextualise(question, model).history == (PERMIT,)


@pytest.mark.parametrize("text", ["and for my wife?", "how much?", "How long does it take?", "can he work too"])
def test_a_follow_up_gets_its_subject_from_the_question_before(text: str) -> None:
    search = understood(text, PERMIT)
    assert search.history == (PERMIT,)
    assert "study permit" in search.topic
    assert search.places == ("CA",)


def test_another_country_keeps_the_topic_and_drops_the_country_before() -> None:
    search = understood("what about in the UK?", "How do I apply for a student visa in Canada?")
    assert search.places == ("GB",)
    assert "student visa" in search.topic
    assert "Canada" not in search.topic


def test_an_earlier_answer_counts_less_than_its_question() -> None:
    search = understood("and how much is it?", (PERMIT, "Apply online before it expires. " + "Then wait. " * 60))
    answer, question = search.history
    assert question == PERMIT
    assert answer.startswith("Apply online")
    assert len(answer.split()) == 40


def test_a_question_that_stands_alone_leaves_answers_out() -> None:
    search = understood(
        "What documents must an international student bring to the border?", (PERMIT, "Apply online before it expires.")
    )
    assert search.history == (PERMIT,)


def test_a_question_that_stands_alone_keeps_every_question_before_oldest_first() -> None:
    fee = "How much does the renewal of my permit cost in Canada?"
    search = understood(
        "Which documents must an international student bring to the border?", (PERMIT, "Apply online."), (fee, "150.")
    )
    assert search.history == (PERMIT, fee)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("ok thanks. other thing, does my baby need that ETA for London?", "what about Australia?"),
        ("How can I get residence in New Zealand after work?", "How do I get a visa for Germany?"),
        ("What documents go with the form DS-160 application?", "What does form I-485 cost?"),
        ("Who can apply for a visitor visa to see family?", "How many hours may I work on a student visa?"),
        ("Who can apply for a subclass 482 visa from abroad?", "How long is a 189 visa valid?"),
    ],
)
def test_another_country_form_or_kind_is_another_subject(newer: str, older: str) -> None:
    assert changes_subject(newer, older)
    assert understood(newer, older).history == ()


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("and for new zealand, from what age?", "Who needs a police certificate for Australia?"),
        ("What does the medical exam for applicants cost?", "Who does the medical exam for Canada?"),
        ("Where do I send form I485 with my photos?", "What does form I-485 cost?"),
        ("How many years of work does a 482 visa need?", "Who sponsors a subclass 482 visa holder?"),
        ("Is it the same for form I-765?", "What does form I-485 cost?"),
    ],
)
def test_a_message_on_the_same_thing_or_leaning_on_it_is_no_change(newer: str, older: str) -> None:
    assert not changes_subject(newer, older)


def test_turns_before_a_change_of_subject_are_dropped() -> None:
    search = understood(
        "and how long is it?", "How do I get asylum in Germany?", "How do I get a visitor visa for New Zealand?"
    )
    assert search.history == ("How do I get a visitor visa for New Zealand?",)


def test_what_the_person_wrote_stands_beside_what_was_answered() -> None:
    search = understood("and how much is it?", (PERMIT, "Apply online."), ("Do I send it by post?", "No, online."))
    assert search.told == (PERMIT, "Do I send it by post?")
    assert search.heard == ("Apply online.", "No, online.")
    query = search.query(date(2026, 11, 21))
    assert (query.told, query.leans, query.history) == (search.told, True, search.history)


@pytest.mark.parametrize(
    "newer",
    [
        "forget Canada. From what age does New Zealand take workers?",
        "Forget about it, how long is a visitor visa for Germany?",
        "ok. different question: which test is it for German citizenship?",
        "Thank you. Now about my cousin, he wants to study in Germany.",
        "Leave that now. What may I bring into Germany?",
        "Oh no and now this: somebody stole my passport in Berlin.",
    ],
)
def test_a_turn_to_something_else_ends_what_was_talked_of(newer: str) -> None:
    search = understood(newer, PERMIT)
    assert search.history == search.told == ()
    assert "CA" not in search.places


def test_what_was_turned_to_is_gone_on_with() -> None:
    turned = "different question: which photo is it for a Canadian passport?"
    search = understood("and how long is it good?", PERMIT, turned, "and in colour?")
    assert search.told == ("which photo is it for a Canadian passport?", "and in colour?")
    search = understood("how long is it?", PERMIT, "forget Canada, what is it in Germany?")
    assert search.places == ("DE",)


@pytest.mark.parametrize(
    "newer",
    [
        "Should I leave Canada? It ends on Friday.",
        "And now this status says refused, what can I do?",
        "I have been waiting now about a month, is it normal?",
        "They told me, leave this, or be deported.",
        "My employer said: no, leave it. He will not sponsor me. What can I do?",
        "is another question on the form about arrests a problem?",
        "I need to change subject at my university, can I keep it?",
        "Does a different issue date matter for it?",
        "Can I do something else while I wait?",
        "I have another question about the same permit: can I change it?",
        "Another question is about the fee.",
    ],
)
def test_who_only_speaks_of_leaving_or_of_questions_goes_on(newer: str) -> None:
    search = understood(newer, PERMIT)
    assert search.told == (PERMIT,)
    assert search.text.split()[-1] == newer.split()[-1]


def test_where_a_relative_lives_keeps_the_rules_that_were_asked_for() -> None:
    newer = "My son lives with his grandma in Kenya, may he come too?"
    assert understood(newer, "How do I get a skilled worker visa for the UK?").countries.wanted == ("GB",)


@pytest.mark.parametrize(
    ("newer", "places"),
    [
        ("and for Brazil?", ("BR",)),
        ("How do I get a work visa for Japan then?", ("JP",)),
        ("How long can tourists stay in Thailand?", ("TH",)),
        ("How many hours may a student in China work?", ("CN",)),
        ("What documents do I need for Thailand?", ("TH",)),
        ("I decided for Japan instead. How much savings do I need?", ("JP",)),
        ("may my husband work too in Canada?", ("CA",)),
    ],
)
def test_a_country_that_is_asked_about_is_not_taken_for_one_in_passing(newer: str, places: tuple[str, ...]) -> None:
    assert understood(newer, "How do I get a skilled worker visa for the UK?").places == places


@pytest.mark.parametrize(
    "newer",
    ["How long can tourists stay in Thailand?", "and for Brazil?", "how long can I be in Ghana and not lose it?"],
)
def test_what_was_talked_of_says_nothing_of_a_country_without_documents(newer: str) -> None:
    search = understood(newer, "How do I get a skilled worker visa for the UK?").within(("GB", "CA"))
    assert (search.told, search.history, search.leans) == ((), (), False)
    search = understood("and for Canada?", "How do I get a work visa for the UK?").within(("GB", "CA"))
    assert search.told == ("How do I get a work visa for the ?",)


def test_who_sends_a_message_again_is_understood_as_the_first_time() -> None:
    again = "Hello, how do I renew my study permit in Canada please?"
    search = understood(again, (PERMIT, "Apply online."), "and how long does it take?")
    assert (search.told, search.heard, search.leans) == ((), (), False)
    assert understood("and how long is it?", PERMIT, "and how long is it?").told
    assert understood("How much does it cost to renew my study permit in Canada?", PERMIT).told
