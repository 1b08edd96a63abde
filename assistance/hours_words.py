"""How hours of reading are told, in every language that a person may be asked in."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WORDS", "HoursWords"]


@dataclass(frozen=True, slots=True)
class HoursWords:
    """`days` and `times` are spans of them; days come as the language's calendar names them, so none is inflected."""

    days: str
    times: str
    reads: str
    is_open: str
    is_closed: str
    comma: str = ", "
    semicolon: str = "; "


WORDS = {
    "en": HoursWords(
        "{first} to {last}", "{opens} to {closes}", "Our people read this {hours}.",
        "They are there now, until {time}.", "They are not there now; they are back on {day} at {time}.",
    ),
    "ar": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "يقرأ موظفونا هذا في هذه الأوقات: {hours}.",
        "هم موجودون الآن حتى الساعة {time}.", "ليسوا موجودين الآن، ويعودون يوم {day} الساعة {time}.",
        "، ", "؛ ",
    ),
    "de": HoursWords(
        "{first} bis {last}", "{opens} bis {closes} Uhr", "Unser Team liest das zu diesen Zeiten: {hours}.",
        "Es ist jetzt jemand da, bis {time} Uhr.",
        "Gerade ist niemand da; das Team ist am {day} um {time} Uhr wieder da.",
    ),
    "es": HoursWords(
        "de {first} a {last}", "de {opens} a {closes}", "Nuestro personal lee esto en este horario: {hours}.",
        "Ahora hay alguien, hasta las {time}.", "Ahora no hay nadie; el personal vuelve el {day} a las {time}.",
    ),
    "fa": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "همکاران ما این را در این ساعت‌ها می‌خوانند: {hours}.",
        "اکنون هستند، تا ساعت {time}.", "اکنون نیستند؛ {day} ساعت {time} برمی‌گردند.",
        "، ", "؛ ",
    ),
    "fr": HoursWords(
        "du {first} au {last}", "de {opens} à {closes}", "Notre équipe lit ceci aux horaires suivants : {hours}.",
        "Elle est là maintenant, jusqu’à {time}.", "Elle n’est pas là maintenant ; elle revient {day} à {time}.",
    ),
    "hi": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "हमारे लोग इसे इन समयों पर पढ़ते हैं: {hours}।",
        "वे अभी मौजूद हैं, {time} बजे तक।", "वे अभी मौजूद नहीं हैं; {day} को {time} बजे लौटेंगे।",
    ),
    "pt": HoursWords(
        "de {first} a {last}", "das {opens} às {closes}", "Nossa equipe lê isto neste horário: {hours}.",
        "Há alguém agora, até às {time}.", "Agora não há ninguém; a equipe volta {day} às {time}.",
    ),
    "ru": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "Наши сотрудники читают это в такие часы: {hours}.",
        "Сейчас они на месте, до {time}.", "Сейчас их нет; они снова будут на месте: {day}, {time}.",
    ),
    "tr": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "Ekibimiz bunu şu saatlerde okur: {hours}.",
        "Şu anda buradalar; gidecekleri saat: {time}.", "Şu anda burada değiller; dönecekleri zaman: {day} {time}.",
    ),
    "uk": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "Наші працівники читають це в такі години: {hours}.",
        "Зараз вони на місці, до {time}.", "Зараз їх немає; вони знову будуть на місці: {day}, {time}.",
    ),
    "vi": HoursWords(
        "{first} – {last}", "{opens}–{closes}", "Nhân viên của chúng tôi đọc tin vào: {hours}.",
        "Hiện đang có người, đến {time}.", "Hiện không có ai; họ trở lại vào {day} lúc {time}.",
    ),
    "zh": HoursWords(
        "{first}至{last}", "{opens}–{closes}", "我们的工作人员在以下时间查看：{hours}。",
        "现在有人在，到 {time} 为止。", "现在没有人在，{day} {time} 会有人在。",
        "，", "；",
    ),
}  # fmt: skip
