from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.textfiles import codec_of, decode

UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
TEXTS = {
    "Überprüfung der Gebühr: 155 € für Sie, wenn Sie länger als sechs Monate bleiben.\n": ["cp1252"],
    "Vous avez besoin d’un permis d’études, à Québec ou à Montréal, après six mois.\n": ["cp1252"],
    "Вам нужно разрешение на учёбу, если вы учитесь дольше шести месяцев.\n": ["cp1251", "koi8-r"],
    "אתה צריך אישור לימודים אם אתה לומד יותר משישה חודשים.\n": ["cp1255", "iso8859-8"],
    "تحتاج إلى تصريح دراسة إذا كنت تدرس لأكثر من ستة أشهر.\n": ["cp1256"],
    "Χρειάζεστε άδεια σπουδών αν σπουδάζετε περισσότερο από έξι μήνες.\n": ["cp1253"],
    "Potrzebujesz zezwolenia na studia, jeśli uczysz się dłużej niż sześć miesięcy.\n": ["cp1250"],
    "如果您学习超过六个月，则需要学习许可。请在旅行前申请，并在当天支付费用。\n": ["gb18030"],
    "六か月以上勉強する場合は、就学許可が必要です。旅行の前に申請してください。\n": ["cp932", "euc-jp"],
    "6개월 이상 공부하려면 학업 허가가 필요합니다. 여행하기 전에 신청하십시오.\n": ["cp949"],
}


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, name) for text, old in TEXTS.items() for name in (*UNICODE, *old)]
)
def test_one_text_is_the_same_in_every_encoding(text: str, encoding: str) -> None:
    assert decode((text * 2).encode(encoding)) == text * 2


@pytest.mark.parametrize("encoding", ["iso-8859-15", "shift_jis", "windows-1251"])
def test_reads_what_the_page_declares(encoding: str) -> None:
    text = {"iso-8859-15": "10 €", "shift_jis": "許可", "windows-1251": "Да"}[encoding]
    page = f'<meta charset="{encoding}"><p>{text}</p>'
    assert decode(page.encode(encoding)) == page


@pytest.mark.parametrize(
    ("label", "codec"), [("iso-8859-8-i", "iso8859-8"), ("x-sjis", "cp932"), ("latin1", "cp1252"), ("none", None)]
)
def test_an_encoding_is_known_by_every_name_that_pages_use(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec


def test_drops_a_character_that_a_cut_went_through() -> None:
    assert decode("Gebühr".encode()[:4]) == "Geb"


@pytest.mark.parametrize("data", [bytes(range(32)) * 40, bytes(range(256)) * 40])
def test_refuses_bytes_that_are_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="not text"):
        decode(data)


@pytest.mark.parametrize("label", ["undefined", "zlib", "hex", "rot13", "punycode", "idna"])
def test_what_is_named_as_an_encoding_and_is_none_stops_nobody(label: str) -> None:
    assert codec_of(label) is None
    assert "café" in decode(f'<meta charset="{label}"><p>A café in town.</p>'.encode("cp1252"))
