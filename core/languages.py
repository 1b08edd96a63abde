"""Which language a text is in, told for a few words too: by its script, its small words, and lingua where they tie."""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

__all__ = ["RIGHT_TO_LEFT", "SMALL_WORDS", "base_language", "detect"]

RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))

_SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("\u0370", "\u03ff", "el"), ("\u0400", "\u052f", "cyrillic"), ("\u0530", "\u058f", "hy"),
    ("\u0590", "\u05ff", "he"), ("\u0600", "\u077f", "arabic"), ("\u0900", "\u097f", "hi"),
    ("\u0980", "\u09ff", "bn"), ("\u0a00", "\u0a7f", "pa"), ("\u0a80", "\u0aff", "gu"),
    ("\u0b80", "\u0bff", "ta"), ("\u0c00", "\u0c7f", "te"), ("\u0d80", "\u0dff", "si"),
    ("\u0e00", "\u0e7f", "th"), ("\u1000", "\u109f", "my"), ("\u10a0", "\u10ff", "ka"),
    ("\u1100", "\u11ff", "ko"), ("\u1200", "\u137f", "am"), ("\u1780", "\u17ff", "km"),
    ("\u3040", "\u30ff", "ja"), ("\u3400", "\u9fff", "zh"), ("\uac00", "\ud7af", "ko"),
    ("\uf900", "\ufaff", "zh"), ("\ufb50", "\ufdff", "arabic"), ("\ufe70", "\ufefc", "arabic"),
)  # fmt: skip
"""First and last letter of a block, and its language where one language stands for the script."""

_UNSPACED = frozenset(("ja", "ko", "my", "km", "th", "zh"))
_LETTERS_A_SYLLABLE = 3
"""A sign of a script without spaces says about as much as three Latin letters: "我的 I-485 被拒" is Chinese."""

# Letters that one language of a script writes and its neighbours do not.
_TELLING = {
    "arabic": (("ur", "ٹڈڑںےھہ"), ("fa", "پچژگکی"), ("ar", "ةىيكأإؤ")),
    "cyrillic": (("uk", "іїєґ"), ("ru", "ыэъё"), ("sr", "ђјљњћџ"), ("be", "ў")),
}
_RELATIVES = {"arabic": frozenset(("ar", "fa")), "cyrillic": frozenset(("ru", "uk"))}

SMALL_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a about after and any are as at be before but by can could did do does for from get got has have how i"
        " if in is it long me much my need no not of on or should still that the they this to was we what when where"
        " which who why will with without would you your",
        "fr": "au aux avec avoir c'est ce cette combien comment dans de des dois dois-je du elle en est est-ce et faut"
        " il j'ai je la le les leur ma mais mes mon ne nous on ou où par pas peut peux pour pourquoi puis puis-je quand"
        " que quel quelle quels qu'est-ce qui sa sans ses si son sont suis sur ton un une vous été",
        "es": "a al cómo como con cuál cuáles cuando cuándo cuánto cuánta de del dónde donde el ella en es está esta"
        " estoy fue ha han hay la las lo los me mi mis más necesito no nos o para pero perdí por porque puedo puede que"
        " qué quién se si sin sobre son soy su sus tengo tiene un una y ya yo",
        "pt": "a ao aos as com como da das de do dos e ela ele em entre está estou eu foi há isso já mais mas me meu"
        " meus minha minhas na não nas no nos num o onde os ou para pela pelo perdi por porque posso pode qual quais"
        " quando quanto que quem quero se sem ser seu sou sua são tem tenho um uma você",
        "de": "aber auch auf aus bei bekomme bin brauche das dass dem den der des die ein eine einem einen einer für"
        " habe haben hat ich im in ist kann kein keine kostet lange man mein meine meinen mich mir mit muss nach nicht"
        " oder ohne sein sie sind und vom von vor wann warum was welche wenn wer werden wie wir wird wo wurde zu zum"
        " zur über",
        "vi": "anh bao bị các chị cho chưa có của cần gì giờ hay hồ khi không làm là lâu mấy nào nhiêu như những nếu"
        " ở phải sao sẽ thế thì tôi tới trong và vào về với xin được để đã đâu đi đơn từ một người bi toi cua khong"
        " duoc phai gi nhu voi de lam cho",
        "tr": "ama ben benim beni bir bu da daha de diye gerekiyor gerekir gibi hangi için ile ise istiyorum kadar kaç"
        " mi mı mu mü mıyım miyim musunuz ne neden nasıl nedir nerede nereye olan olarak oldu olur sonra var ve veya ya"
        " yok yapabilirim yapmalıyım zaman",
        "pl": "czy dla do jak jest jestem jeśli kiedy która które którzy który ma mam mnie mogę moja moje mój na nie o"
        " od po przez się są to w we z za ze że gdzie co ile",
        "it": "alla anche che chi come con cosa da dal dei del della di dove e gli ha ho i il in io la le lo mi mia mio"
        " nel nella non ora per perché posso quale quando quanto questo se sono sul un una devo è",
        "nl": "aan als bij dat de een en er ben het hoe hoeveel ik in is kan krijg maar met mijn moet naar niet of om"
        " op te van voor waar wanneer wat welke wie zijn",
        "ro": "am ale că care când ce cu cum de din este eu fi fără în la mai mea meu nu pe pentru poate pot sau se să"
        " sunt un unde și",
        "tl": "ako ang ano ay ba bakit kailan kailangan ko ka kung mga may mo na nang ng ngayon paano po pwede sa saan"
        " sino wala",
        "id": "ada adalah apa apakah atau bagaimana bisa dan dari dengan di ini itu kapan ke mana saya tidak untuk yang"
        " sudah jika",
        "ar": "ما ماذا من في على إلى الى عن هل أن ان هو هي أنا"
        " انا كم كيف أين اين متى لماذا أو او لا لم مع هذا هذه"
        " التي الذي يمكن يمكنني أحتاج كان لدي بعد قبل ثم و",
        "fa": "از به در با که را این آن است هست چه چیست چقدر چطور چگونه آیا من ما شما باید می و یا تا برای کجا کجاست کی"
        " شده شد کنم کرد ام کار خود",
        "hi": "क्या मैं मेरा मेरी मेरे मुझे है हैं हूँ हो का की के को से में पर और या कैसे कब"
        " कहाँ कितना कितनी कौन लिए ने तो भी अब यह वह नहीं करूँ करना गया सकता सकती होगा",
        "ru": "а без в во вы где да для до его если есть же за и из или как какие какой когда кто ли мне мной"
        " моего моей мой моя мы на не нет но о об от по при с со сколько что чтобы это у я"
        " делать можно нужно",
        "uk": "а або без в ви де для до з за і із й його коли кого ли мені мій моєї моя ми на не ні о об от по при про"
        " скільки та у хто це чи чому що щоб як який які я робити можна треба",
        "so": "ma maxaa iyo waa ka ku si sida waxaan waxaa u kuma miyaan aan",
        "sw": "je na ya wa kwa ni nini gani katika yangu wangu naweza jinsi",
        "ht": "mwen ki sa pou nan ak yon kijan kapab pa genyen",
    }.items()
}
"""Words that a sentence of the language can hardly do without; those of English and its neighbours decide most."""

_SURE_LETTERS = {
    "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "tr": "ğış", "de": "ßäöü", "es": "ñ¿¡", "pt": "ãõ",
    "fr": "œêèëûî", "pl": "ąćęłńśźż", "ro": "țșă", "it": "ìò",
}  # fmt: skip

_OFTEN = frozenset(("en", "fr", "es", "pt", "de", "vi", "tr"))

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CODE = re.compile(r"\b[A-Za-z]{1,5}-?\d+\w*\b|\b[A-Z]{2,5}\b|https?://\S+|\S+@\S+")
_ALL_LETTERS_SEEN = 2000
_KEPT = 16
"""Texts whose language is remembered: one question asks for it several times."""

_SMALL_WORD = 1.6
_SURE_LETTER = 2.5
_ENGLISH_PRIOR = 1.2
_SELDOM = -1.2
_HALF_TRUST = 0.02
"""Weights of the evidence, in natural logarithms: a small word, a telling letter, how common English is among people
who ask here, how seldom a language outside the main ones is, and what lingua's least confidence is taken for. Set by
hand; docs/decisions/0017 has the accuracy on questions that were looked at and on others that were not."""
_LEAST_LEAD = 0.35
_MOST_OF_GUESSES = math.log(1 + _HALF_TRUST) - math.log(_HALF_TRUST)
"""The most that lingua can say for one language against another: where the words say more, it is not asked."""

_lock = threading.Lock()
_detectors: list[LanguageDetector] = []


def base_language(code: str) -> str:
    """The language of a tag as documents carry it: "pt" of "pt-BR"."""
    return code.lower().replace("_", "-").split("-")[0]


@lru_cache(maxsize=_KEPT)
def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of `text` is in; None when there is nothing to tell it by."""
    text = text[:_ALL_LETTERS_SEEN]
    script = _script(text)
    if script is None:
        return None
    if script == "latin":
        return _latin(text)
    if script in _TELLING:
        return _by_letters(text, script)
    return script


def _script(text: str) -> str | None:
    """The script that says most: "latin", "arabic", "cyrillic", or the language that stands for it."""
    said: Counter[str] = Counter()
    for letter in text:
        if letter.isalpha():
            script = _script_of(letter)
            said[script] += _LETTERS_A_SYLLABLE if script in _UNSPACED else 1
    if said["ja"] and said["zh"]:
        said["ja"] += said.pop("zh")
    best = said.most_common(1)
    return best[0][0] if best else None


def _script_of(letter: str) -> str:
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "latin"
    return next((script for first, last, script in _SCRIPTS if first <= letter <= last), "other")


def _by_letters(text: str, script: str) -> str:
    folded = text.lower()
    found = {language: sum(folded.count(letter) for letter in letters) for language, letters in _TELLING[script]}
    best = max(found, key=lambda language: found[language])
    if found[best] and list(found.values()).count(found[best]) == 1:
        return best
    guesses = {language: share for language, share in _guesses(text) if language in _RELATIVES[script]}
    return max(guesses, key=lambda language: guesses[language], default=_TELLING[script][1][0])


def _latin(text: str) -> str | None:
    kept = _without_names(_CODE.sub(" ", text)) or text
    words = [word.lower().replace("’", "'") for word in _WORD.findall(kept)]
    if not words:
        return None
    told = {language: _told(words, language) for language in SMALL_WORDS}
    (best, first), (_, second) = sorted(told.items(), key=lambda pair: -pair[1])[:2]
    if first - second > _MOST_OF_GUESSES + _LEAST_LEAD:
        return best
    scores = {language: math.log(share + _HALF_TRUST) for language, share in _guesses(" ".join(words))}
    for language in scores.keys() | SMALL_WORDS.keys():
        own = told[language] if language in told else _told(words, language)
        scores[language] = own + scores.get(language, math.log(_HALF_TRUST))
    (best, first), (rival, second) = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
    # Of two neighbours that tie either is nearer than English, where the words themselves say so.
    not_english = "en" not in (best, rival) and told.get(best, 0.0) > told["en"]
    return best if first - second >= _LEAST_LEAD or not_english else None


def _told(words: Sequence[str], language: str) -> float:
    """What the words themselves say for a language, whatever lingua guesses."""
    own, letters = SMALL_WORDS.get(language, frozenset()), _SURE_LETTERS.get(language)
    small = sum([word in own for word in words])
    telling = 0
    if letters is not None:
        telling = sum([not word.isascii() and any(letter in word for letter in letters) for word in words])
    prior = _ENGLISH_PRIOR if language == "en" else 0.0 if language in _OFTEN else _SELDOM
    return prior + _SMALL_WORD * small + _SURE_LETTER * telling


def _without_names(text: str) -> str:
    """The text without words that a capital letter within a sentence marks as names, where enough others are left."""
    words = text.split()
    plain = [word for at, word in enumerate(words) if at == 0 or not word[:1].isupper()]
    return " ".join(plain) if len(plain) >= 2 else text


def _guesses(text: str) -> list[tuple[str, float]]:
    """Languages with lingua's confidence in [0, 1]."""
    found = _lingua().compute_language_confidence_values(text)
    return [(str(guess.language.iso_code_639_1.name).lower(), float(guess.value)) for guess in found]


def _lingua() -> LanguageDetector:
    with _lock:
        if not _detectors:
            from lingua import Language, LanguageDetectorBuilder

            known = (
                Language.ENGLISH, Language.FRENCH, Language.SPANISH, Language.PORTUGUESE, Language.GERMAN,
                Language.VIETNAMESE, Language.TURKISH, Language.POLISH, Language.ITALIAN, Language.TAGALOG,
                Language.ARABIC, Language.PERSIAN, Language.RUSSIAN, Language.UKRAINIAN,
            )  # fmt: skip
            # The full models take ten times the memory; docs/decisions/0017 has the figures.
            _detectors.append(LanguageDetectorBuilder.from_languages(*known).with_low_accuracy_mode().build())
        return _detectors[0]
