"""Questions that no document can answer for a person: their own case, what will be decided, help to break the law."""

from __future__ import annotations

import re
import unicodedata

from core.types import AbstentionReason

__all__ = ["refused_for"]

_FILING = r"(?:appl\w*|case|visa|file|petition|claim|permit|renewal|extension|card|passport|paperwork|papers|request)"
_MINE = r"(?:my|our|his|her|their|my \w+'?s?|our \w+'?s?)"
_OFFICIALS = r"(?:they|you|ircc|uscis|the (?:embassy|consulate|officer|home office|government|authorit\w+))"
_SUCCESS = (
    r"(?:approv(?:e|ed|al)|accept(?:ed)?|granted|refused?|den(?:y|ied)|reject(?:ed)?|deport(?:ed)?|selected|picked)"
)
_DONE = r"(?:approved|accepted|granted|refused|denied|rejected|deported|selected|picked)"
_ONE = r"(?:i|we|he|she|(?:my|our|his|her) \w+)"
_DECIDERS = (
    r"(?:they|you|ircc|uscis|immigration|border (?:force|guards?|officers?)"
    r"|(?:the|an?|any) (?:\w+ )?(?:embassy|consulate|officers?|judge|court|ministry|home office|government"
    r"|authorit\w+))"
)
_OURS = r"(?:me|us|him|her|my|our|his)\b"
_DECIDE = (
    rf"(?:(?:approve|grant|refuse|deny|denie|reject|deport|believe)s? {_OURS}|believe that\b|says? (?:yes|no)\b"
    r"|(?:let|allow) (?:me|us|him|her|(?:my|our|his|her) \w+) (?:in(?:to)?|through)\b"
    r"|(?:turn|send) (?:me|us|him|her|(?:my|our|his|her) \w+) (?:away|down|back)\b"
    r"|accept (?:me|us|him|her|(?:my|our|his|her) (?:\w+ ){0,2}?(?:application|case|claim|petition|appeal|story))\b"
    r"|give (?:me|us|him|her|(?:my|our|his|her) \w+) (?:the|an?|my|our) (?:\w+ ){0,2}?"
    r"(?:visa|permit|card|asylum|citizenship)\b)"
)
"""What is decided of the asker or the asker's own people."""
_OPINION = r"(?:do you (?:think|reckon|believe|guess|suppose|expect)|what do you think|in your opinion)"
_LIKELY = r"(?:is it|how|am i|are we|is (?:my|our) \w+) (?:likely|probable)"
_FALSE = r"(?:fake|forged?|falsif\w+|counterfeit|bogus|phony|doctored|photoshop\w*|made[- ]up|false)"
_PAPER = (
    r"(?:documents?|docs|papers?|passports?|letters?|marriages?|visas?|certificates?|statements?|id|ids|degrees?"
    r"|diplomas?|offers?|references?|payslips?|transcripts?|stamps?|job|relationships?|address)"
)

_WHAT_TO_DO = r".*\b(?:(?:or|and) (?:do|must|can|how|what|should)|(?:can|may|must|should|do) i)\b"

_OWN_CASE = (
    rf"\b(?:status|progress|update|news|decision|result|outcome)\b (?:\w+ )?(?:of|on|for|about|with|regarding) {_MINE}"
    rf" (?:\w+ ){{0,3}}?{_FILING}\b(?! (?:when|if|while|after|before|during|expire))",
    rf"\bwhere (?:is|are|'s|s)? ?{_MINE} (?:\w+ ){{0,2}}?{_FILING}\b",
    r"\bmy (?:case|file|application|receipt|reference|tracking) (?:number|no|id) is\b|\bmy case number\b",
    # "Why do they refuse visitor visas" asks of everybody.
    rf"\bwhy (?:(?:was|were|is|did|has|have) (?:{_OFFICIALS}|{_MINE})|(?:do|does) {_MINE})(?: \w+){{0,5}}?"
    r" (?:refus\w+|reject\w*|den(?:y|ied)|declin\w+|turn\w* down|delay\w*|stuck|not (?:been )?(?:decided|approved))",
    rf"\bwhat (?:did|have|has) {_OFFICIALS} (?:decided?|done|said?|say) (?:about|on|with) {_MINE}\b"
    rf"|\b(?:which|what|whose) (?:officer|agent|person|desk)\b.{{0,15}}\b(?:has|have|handles?"
    rf"|is working on) {_MINE} {_FILING}",
    r"\b(?:when(?: exactly)?|on (?:what|which) (?:date|day)) (?:does|do|will|is) my (?:\w+ ){0,2}?"
    r"(?:visa|permit|leave|interview|appointment|oath|ceremony|hearing|biometrics)\b.{0,15}(?:\b(?:end|expire|run out"
    r"|be|start)\b|[?]|$)",
    r"\b(?:is|was|did|has) my (?:\w+ ){0,2}?(?:payment|fee|medical|biometrics|documents?|letter)\b.{0,30}"
    r"\b(?:received|arrive\w*|gone through|go through|booked|uploaded|accepted yet)\b(?! (?:if|when))",
    rf"\b(?:why (?:is|has|does)|how come) {_MINE} (?:\w+ ){{0,2}}?{_FILING}\b.{{0,30}}\b(?:so long|taking|stuck"
    rf"|pending|nothing)",
    rf"\b(?:has|have|did|was|is) {_MINE} (?:\w+ ){{0,2}}?{_FILING} (?:\w+ )?(?:been |get |got )?"
    r"(?:approved|decided|processed|received|granted|issued|ready|arrived|finali[sz]ed|sent|returned|mailed|printed)\b"
    r"(?! (?:in|before|by) )",
    rf"\b(?:check|look up|look into|track|see|find out|tell me)\b (?:\w+ ){{0,3}}?{_MINE} (?:\w+ ){{0,2}}?{_FILING}"
    r"(?: (?:status|for me|in your system|stands?)|$|[?.!,])",
    rf"\bwhat(?: is|'s) (?:happening|going on|up) with {_MINE} (?:\w+ ){{0,2}}?{_FILING}\b",
    rf"\bcan you (?:check|see|look at|open|find|review) {_MINE} (?:\w+ ){{0,2}}?{_FILING}\b",
    rf"\b(?:when will|how long until|how much longer (?:until|for|before|will))(?: (?:i|we))?(?: (?:get|receive|hear))?"
    rf"(?: a decision (?:on|about|for))? ?{_MINE} (?:\w+ ){{0,2}}?(?:application|case|file|petition|claim)\b"
    r"(?: (?:be|is|get|come|decided|finished|done|ready|processed|approved|take)\b)?",
    rf"\b(?:has|have|did) {_MINE} (?:\w+ ){{0,2}}?(?:{_FILING}|documents?|letter) (?:already |ever |finally )?"
    r"(?:arrived?|come(?: back| in)?|got there|get there)\b"
    rf"(?! (?:from|into?|before|by|with|out|to|of|because|without|under)\b)(?!{_WHAT_TO_DO})",
    r"\bdid (?:they|you|ircc|uscis) (?:already )?(?:receive|get|decide|approve|process|look at) (?:my|our)\b",
    rf"(?<!why )\b(?:did|has|have) {_OFFICIALS} (?:already |ever |finally )?(?:receive|g[eo]t|decide|approve|process"
    rf"|look(?:ed)? at|open|mail|sent|send)(?:ten|ed|d)? (?:my|our) (?:\w+ ){{0,2}}?(?:{_FILING}|documents?|letter)\b"
    rf"(?! (?:to|for|back|because)\b)(?!{_WHAT_TO_DO})",
)
_PREDICTION = (
    rf"\b(?:will|would|won't|gonna|going to|shall)\b.{{0,25}}\b(?:i|me|my|we|our|they|he|she|us|you)\b.{{0,45}}"
    rf"\b{_DONE}\b",
    rf"\b(?:am i|are we|is my \w+|do you think)\b.{{0,30}}\b(?:going to|gonna|will|likely to|sure to)\b.{{0,40}}"
    rf"\b(?:{_SUCCESS}|get (?:it|the|a|my) |succeed|be successful|pass|win|make it)",
    r"\b(?:percent(?:age)?|%) chances?\b|\b(?:should|can) (?:i|we) be (?:optimistic|hopeful|confident|worried)\b"
    r"|\bwill (?:i|we|he|she) (?:win|succeed)\b|\bbe enough (?:in|for) the (?:next|coming|upcoming)\b",
    rf"\b(?:guarantee|promise|assure) (?:me|that|us)\b.{{0,40}}\b(?:visa|permit|{_SUCCESS}|get)\b",
    r"\bdo (?:you think|i stand a chance|i have a (?:good |real |fair |any )?(?:chance|shot))\b(?!.{0,20}\bneed)",
    r"\bhow likely (?:is it(?! to need)|am i|are we|is my)\b",
    r"\bpredict\b.{0,30}\b(?:my|me|i|our|decision|outcome|result)\b",
    rf"\bis my (?:\w+ ){{0,3}}?(?:good|strong|high) enough to (?:be |get )?(?:{_SUCCESS}|the|a|in)\b",
    r"\b(?:will|would)\b(?: \w+){0,4}? (?:approve|grant|refuse|deny|reject|believe|deport) (?:my|me|us|our|him|her)\b",
    r"\b(?:will|would)\b(?: \w+){0,4}? accept (?:my|our|his|her) (?:\w+ ){0,2}?(?:application|case|claim|petition"
    r"|appeal|story)\b",
    r"\b(?:will|would)\b(?: \w+){0,4}? give (?:me|us|him|her) (?:the|a|my|our) (?:\w+ ){0,2}?(?:visa|permit|card"
    r"|asylum|citizenship)\b",
    rf"(?:^|[.!?,] )(?:will|would) {_ONE} (?:really |even )?(?:get through|get in\b|pass\b|make it"
    r"|be (?:let|allowed) (?:in|through|into)\b|be turned (?:away|back|down)|be successful)",
    # With a condition behind it, it asks for a rule: "will I get a visa if I have a record".
    r"(?:^|[.!?,] )(?:will|would) (?:i|we|he|she|my \w+) (?:ever |really |finally )?(?:get|receive|be given)"
    r" (?:an?|the|my|our|his|her) (?:\w+ ){0,3}?(?:visa|permit|card|citizenship|passport|asylum"
    r"|residence)\W*$",
)
"""What is foretold here is a rule where a condition stands with it, as in "will I get a visa if I have a record"."""
_FORETOLD = (
    rf"\b(?:(?:will|would|won't|gonna) {_DECIDERS}|(?:is|are) {_DECIDERS} (?:going to|gonna|likely to))"
    rf" (?:\w+ ){{0,2}}?{_DECIDE}",
    rf"\b(?:{_OPINION}|{_LIKELY})\b.{{0,60}}?\b(?:{_DECIDE}|{_DONE})",
    rf"\b{_OPINION} (?:that )?{_ONE} (?:will|would|can|could|might|may) (?:\w+ )?(?:get|receive|pass|succeed"
    r"|make it)\b",
    r"\b(?:chances?|odds|likelihood|probability)\b.{0,25}\b(?:i|me|my|we|our|us|he|she|his|her)\b(?! (?:back"
    r"|a refund))",
    r"\b(?:my|our|his|her)(?: \w+){0,3} (?:chances?|odds|prospects)\b|\b(?:what|how good|how high) (?:are"
    r"|is) (?:the|my|our) (?:chances?|odds)\b(?! (?:in|of|at) (?:the|an?) (?:[\w-]+ ){0,2}?(?:lottery|draw|ballot))",
    rf"\b(?:any|much|little|some|no|a) (?:real |good |fair |small )?(?:chance|hope|prospect|risk)s? (?:that )?"
    rf"(?:{_ONE}|{_DECIDERS}) (?:\w+ ){{0,3}}?(?:{_DECIDE}|{_DONE}|let in\b)",
    r"\bdo (?:i|we) (?:still )?(?:have|stand) (?:any|a|much|some) (?:\w+ )?(?:hope|chance|shot|prospect)s?"
    r" (?:of|at|with)\b",
    r"\b(?:should|must|can) (?:i|we) expect (?:an? )?(?:refusal|rejection|approval|denial)\b",
    r"\bhow (?:sure|certain|confident) can (?:i|we) be\b",
)
"""What is asked of the deciders, of their mind or of the odds stays a prediction under any condition."""
_HOW = (
    r"(?:how (?:can|do|could|should|would|might|to)|ways? (?:to|of|for)|help me|teach me|tell me how|best way|trick"
    r"|tips? (?:to|for)|can i|could i|may i|should i|is it ok(?:ay)?|ok(?:ay)? to|i want to|i need to|i would like to"
    r"|where (?:can|do|to))"
)
_UNLAWFUL = (
    rf"\b(?:buy|get|make|use|order|find|forge|sell|using|obtain|submit|create|need|want|provide|pay for|purchase|show"
    rf"|send)\b"
    rf".{{0,20}}\b{_FALSE}\b.{{0,30}}\b{_PAPER}\b",
    r"\b(?:apply|enter|travel|work|come|go)\w*\b.{0,25}\bwith (?:a |an )?(?:fake|forged|falsified|counterfeit"
    r"|bogus)\b",
    rf"\b(?:forge|photoshop|falsify|fabricate|doctor|fake)\b (?:a |an |the |my |some )?(?:\w+ ){{0,3}}?{_PAPER}\b",
    rf"\b{_HOW}\b.{{0,25}}\b(?:lie|lying)\b(?! (?:down|about (?:on )?the))",
    rf"\b{_HOW}\b.{{0,30}}\b(?:hide|hiding|conceal|cover up|not (?:mention|declare|tell|disclose)|leave out"
    rf"|keep secret)\b.{{0,30}}"
    r"\b(?:from|my|a|that i|the)\b.{0,40}\b(?:criminal|crimes?|convictions?|record|arrest|police|officers?"
    r"|immigration|uscis|ircc"
    r"|refusals?|overstay\w*|deport\w*|marriage|job|income|children|illness|disease|tb|authorit\w+)",
    r"\b(?:how (?:can|do|could|to)|ways? (?:to|of)|best way|tips?|trick|help me)\b.{0,20}\b(?:overstay|sneak|smuggl\w+"
    r"|cross\w* (?:the )?border (?:illegally|without)|enter (?:\w+ )?(?:illegally|without (?:papers|a visa and))"
    r"|get past (?:border|immigration)"
    r"|avoid (?:being |getting )?(?:caught|deport\w+|detected|detection)|evade|trick|fool|deceive|cheat|disappear"
    r"|go into hiding)",
    r"\bwithout (?:getting|being) (?:caught|detected|found|noticed)\b|\bso (?:that )?(?:nobody|no one|they (?:don't"
    r"|do not|never)) "
    r"(?:finds? out|notices?|knows?)\b|\bunder the radar\b",
    r"\bbrib\w+\b(?!.{0,20}\b(?:report|asked me|asks me|demand\w*|penalt\w+))|\bpay (?:the|an|a) officer (?:to|under)\b"
    r"|\bunder the table\b",
    r"\bmarr(?:y|ied|ying|iage)\b.{0,45}\b(?:just|only|purely|solely) (?:for|to get|to obtain) (?:the |a |my |his "
    r"|her )?"
    r"(?:\w+ )?(?:papers|visa|green ?card|passport|citizenship|residence|residency|status|permit)\b",
    r"\b(?:pay|paying|hire|find|need|buy)\b.{0,25}\b(?:to marry me|(?:a |an )?(?:fake|sham|paper) (?:marriage|husband"
    r"|wife|spouse))"
    r"|\b(?:fake|sham|paper) marriage (?:to|for) (?:get|a|the)\b",
    r"\b(?:someone|somebody|friend|brother|sister|cousin)\b.{0,20}\b(?:take|sit|write|do) (?:the "
    r"|my )(?:\w+ )?(?:test|exam)\b.{0,15}"
    r"\bfor me\b|\bbuy\b.{0,15}\b(?:ielts|english test|test) (?:score|certificate|result)",
    r"\b(?:story|stories|reason|excuse|persecution|threat)\b.{0,20}\b(?:invent|make up|fabricate)|\b(?:invent|make up"
    r"|fabricate)\b"
    r".{0,20}\b(?:story|reason|excuse|persecution|threat|job|relationship)\b",
    r"\b(?:i|we)\b.{0,25}\b(?:enter|travel|go|fly|get in|cross)\b.{0,25}\b(?:with|on|using) (?:his|her|their"
    r"|someone)\w*'?s? "
    r"(?:passport|visa|id|card)\b",
    r"\b(?:not|never|doesn't|don't|won't|cannot|can't) (?:find|catch|notice|detect) (?:me|us)\b"
    r"|\b(?:nobody|no one) (?:is )?(?:watch\w*|guard\w*|check\w*|patrol\w*)\b",
    r"\b(?:use|borrow|rent|buy)\b.{0,20}\b(?:someone else'?s?|another person'?s?|my (?:friend|brother|sister"
    r"|cousin)'?s?)\b.{0,20}"
    r"\b(?:passport|identity|id|visa|social security|ssn|documents?)\b",
)
_ABOUT_THE_RULE = re.compile(
    r"\b(?:penalt\w+|punish\w+|consequence\w*|what happens|what will happen|what would happen|what if|happens (?:if"
    r"|when|to)"
    r"|report(?:ing)?\b.{0,30}\b(?:fraud|fake|scam|bribe|someone)|how (?:do|can) i (?:know|tell|spot|recogni[sz]e"
    r"|check|report|avoid)"
    r"|how to (?:spot|recogni[sz]e|tell|report|avoid)|is it (?:a crime|illegal|an offence)|scam\w*|ban for"
    r"|(?:someone|somebody|agent|employer|consultant|adviser|advisor|he|she|they) (?:\w+ ){0,2}?(?:gave|used|sold"
    r"|offered|sent|asked|wants?|told|submitted)"
    r"|accused|by (?:accident|mistake)|without (?:my )?know\w+)\b",
    re.IGNORECASE,
)
"""Words of somebody who asks what the rule is, fears a wrong, or was wronged: no request for help with one."""
_WHAT_THEN = r"|\bwhat (?:happens|will happen|would happen|if)\b|\bhappens (?:if|when)\b"
_IF = r"|(?<!tell me )(?<!know )(?<!wonder )(?<!wondering )(?<!say )\bif (?:i|my|we|they|he|she)\b"
_RULE = (
    r"\b(?:refusal|approval|success|acceptance) rates?\b|\bhow long (?:does|do|will|would|should) (?:a|the|it|an)\b"
    r"|\b(?:can't|cannot|can not|can no longer|don't|unable to|able to) see\b|\bwhy (?:can't|cannot|can) (?:i|we)\b"
    r"|\bwhy (?:was|were|is|are)\b.{0,30}\b(?:returned|sent back)\b|\bwhen can i\b|\b(?:in )?(?:what|which) cases\b"
    r"|\bprogress bar\b|\bwait\w* for\b"
    r"|\bon my behalf\b|\b(?:spouse|wife|husband|family|friend|representative|lawyer)\b.{0,25}\bto check\b"
    r"|\bpayment being\b"
    r"|\bhow will (?:i|we) (?:know|find out|hear)\b"
    r"|\bmy (?:\w+ )?(?:passport|ielts|degree|diploma|test|translation|photos?|licen[cs]e"
    r"|certificate)\b.{0,20}\baccepted\b|\bhow (?:do|can|to|where)\b.{0,12}"
    r"\b(?:check|track|see|find out|follow)\b|\bwhere (?:do|can) (?:i|we) (?:check|track|see|find|look)\b|\bcan (?:i"
    r"|we|my \w+) be \w+ (?:if|because|for|when)\b"
    r"|\bincreas\w+ (?:my|the|our) (?:chances|odds)|\bimprov\w+ (?:my|the|our) (?:chances|odds)|\b(?:appeal"
    r"|challenge)\b"
    r"|\bwill (?:i|my \w+|we) (?:lose|be able|need|have to|still)\b"
)
"""Words of somebody who asks where or how a thing is found, or by which rule it goes."""

_MISSPELT = {
    "aproved": "approved", "approvd": "approved", "aprove": "approve", "apllication": "application",
    "aplication": "application", "applicaton": "application", "aplicaton": "application", "applicaion": "application",
    "fak": "fake", "fack": "fake", "faek": "fake", "forgd": "forged", "documets": "documents", "documants": "documents",
    "ducuments": "documents", "certificat": "certificate", "staus": "status", "statuss": "status", "chanses": "chances",
    "chanches": "chances", "chance's": "chances", "acepted": "accepted", "acceptd": "accepted", "refussed": "refused",
    "rejcted": "rejected", "bribery": "bribe", "mary": "marry", "pasport": "passport", "wil": "will", "visia": "visa",
    "viza": "visa", "overstey": "overstay", "ovestay": "overstay", "granded": "granted", "were's": "where is",
    "wheres": "where is", "whats": "what is", "desicion": "decision", "decison": "decision", "desision": "decision",
    "ur": "your", "u": "you", "pls": "please", "gonna": "going to", "denyed": "denied", "whn": "when",
}  # fmt: skip
"""How people under pressure type the words on which the rules below turn."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

_RULES: tuple[tuple[AbstentionReason, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (reason, re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE), unless)
    for reason, patterns, unless in (
        (AbstentionReason.UNLAWFUL, _UNLAWFUL, _ABOUT_THE_RULE),
        (AbstentionReason.PREDICTION, _FORETOLD, re.compile(_RULE + _WHAT_THEN, re.IGNORECASE)),
        (AbstentionReason.PREDICTION, _PREDICTION, re.compile(_RULE + _WHAT_THEN + _IF, re.IGNORECASE)),
        (AbstentionReason.OWN_CASE, _OWN_CASE, re.compile(_RULE + _IF, re.IGNORECASE)),
    )
)


def refused_for(question: str) -> AbstentionReason | None:
    """Why a question is refused for what it asks, before anything is looked up; None when nothing speaks against it.

    A question about the rule beside such a thing is none: "what happens if I overstay", "what is the refusal rate".
    """
    text = _plain(question)
    for reason, asks, unless in _RULES:
        if asks.search(text) and not unless.search(text):
            return reason
    return None


def _plain(question: str) -> str:
    """One line, with plain apostrophes and the misspellings that matter put right."""
    text = " ".join(unicodedata.normalize("NFKC", question).replace("\u2019", "'").split())
    return _WORD.sub(lambda word: _MISSPELT.get(word.group().lower(), word.group()), text)
