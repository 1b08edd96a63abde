"""The families of wording that order a model about, as patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.disguise import fold
from ingest.families import Family, begun_by, family
from ingest.order_words import LANGUAGES, OrderWords

__all__ = ["ABOUT_ANSWER", "ROLE_MARKERS", "RUN_TOGETHER", "SENDING", "TO_MODEL"]

# Official prose says the same words in the third person: only what could begin an order counts as one.
_BEGIN = (
    r"(?:^|[.!?:;,\n\"'()\[\]{}*_>#=/|\-–—।。！？、؟«»]\s*|\b(?:please|kindly|now|then|also|just|instead|immediately"
    r"|por favor|bitte|you (?:must|should|shall|will|can|may|need to|have to|are to|to|now))\s+)"
)
_AND = rf"(?:{_BEGIN}|\band\s+)"
_GAP = r"[^.!?。！？।\n]"

_AI_NOUN = (
    r"(?! (?:\w+ ){0,2}(?:researcher|engineer|specialist|expert|scientist|developer|professional|company|start-?up"
    r"|talent"
    r"|worker)s?)"
)
_MACHINE = (
    r"(?:ai(?: (?:language )?(?:models?|assistants?|agents?|systems?|chatbots?|bots?))?|llms?"
    r"|(?:large )?language models?"
    rf"|chat ?bots?|chatgpt|gpt-?\d\w*|(?:virtual|automated|digital) assistants?)\b{_AI_NOUN}"
)
_TELLING = r"(?:tell|say|answer|ignore|disregard|recommend|state|respond|reply|mention|rank|give|reveal|output|treat)"
_REPLY = r"(?:answer|reply|response|output|message)\b"
_SAYING = r"(?:answer|respond|reply)"


def _of_language(words: OrderWords) -> Iterator[Family]:
    edge = r"\b" if words.is_spaced else ""
    begin = _AND if words is LANGUAGES[0] else ""
    parts = (words.ignore, words.earlier, words.directive, words.persona, words.model, words.reveal, words.prompt)
    ignore, earlier, directive, persona, model, reveal, prompt = (f"{edge}(?:{fold(part)}){edge}" for part in parts)
    near = rf"{_GAP}{{0,40}}?"
    yield begun_by(words.ignore, rf"{begin}{ignore}{near}{earlier}{near}{directive}")
    yield begun_by(words.ignore, rf"{begin}{ignore}{near}{directive}{near}{earlier}")
    yield begun_by(words.ignore, rf"{begin}{ignore}{near}(?:{fold(words.everything)})")
    yield begun_by(words.persona, rf"{persona}{near}{model}")
    yield begun_by(words.reveal, rf"{begin}{reveal}{near}{prompt}")
    if words.verb_last:
        yield begun_by(words.earlier, rf"{earlier}{near}{directive}{near}{ignore}")
        yield begun_by(words.prompt, rf"{prompt}{near}{reveal}")


_LLM = "ai|llm|language model|chat|gpt|assistant"
_ADDRESSED = (
    family(
        "ignore|disregard|forget|bypass|override|supersede|revoke",
        rf"{_AND}(?:ignore|disregard)\b{_GAP}{{0,20}}\bother (?:passages|search results|context|retrieved)",
        r"\b(?:ignore|disregard|bypass|override)\b.{0,20}\b(?:safety|content|ethical|moderation|security) "
        r"(?:guidelines|polic(?:y|ies)|filters?|protocols?|restrictions|measures)",
        r"\b(?:override|supersede|revoke)s? (?:all )?(?:of )?your (?:\w+ )?(?:instructions|prompt|guidelines"
        r"|programming)",
        r"\byour (?:\w+ )?instructions (?:have been|are) (?:revoked|cancel\w+|overridden|void)",
    ),
    family(
        _LLM,
        rf"\b(?:if|when|since|because) you(?:'re| are) (?:an? |the )?{_MACHINE}",
        rf"(?:\bas|\bbeing) an? {_MACHINE}(?=,| you\b| i\b| and| that| reading| processing| tasked|$)",
        r"\b(?:note|message|instructions?|attention|memo|reminder|directive)s?[:,]? (?:to|for) (?:the |any |all "
        r"|an? )*"
        rf"{_MACHINE}",
        rf"(?:^|[.!\n*#\[(]\s*)(?:dear|hey|hello|hi|attention),? (?:all )?{_MACHINE}",
        rf"\b{_MACHINE}(?: \w+){{0,4}} (?:must|should|shall)(?: (?:always|never|not|only|now))? {_TELLING}\b",
        rf"\b{_MACHINE}(?: (?:that|which|who)(?: is| are)?)? (?:reading|processing|summari[sz]ing|parsing|indexing"
        r"|analy[sz]ing) (?:this|these)\b",
        rf"(?:^|[.!\n*#\[(]\s*){_MACHINE}\s*[:,] (?:please )?(?:{_TELLING}|always|never|do not|you (?:must|are))\b",
        rf"\byou are (?:\w+gpt\b|dan\b|an? (?:[\w-]+,? ){{0,3}}(?:{_MACHINE}|helpful assistant|uncensored"
        rf"|unfiltered))",
    ),
    family(
        "who",
        r"\b(?:whoever|whosoever|(?:any|every)(?:one|body) who|those who) (?:answers?|repl(?:y|ies) to|responds? to)"
        r"(?: \w+){0,2} questions?\b"
        rf"{_GAP}{{0,60}}?\b(?:must|should|shall)(?: (?:always|never|not|only))? (?:recommend|advise|mention|add|state"
        r"|say)\b",
    ),
    family(
        "do anything|jailb|dan mode|developer mode",
        r"\bdo anything now\b|\bjailbr(?:eak|oken)\b|\bdan mode\b|\bdeveloper mode (?:enabled|on|activated)\b",
    ),
    family(
        "your |system |instruction|begin|start|end |pretend",
        r"\b(?:your|here are (?:your|the)) (?:new|real|true|actual|secret|updated) (?:instructions?|task"
        r"|objective|goal"
        r"|directive|persona|prompt|mission)s?\s*(?::|(?:is|are) (?:to\b|:|as follows))",
        r"[\[(#<*]\s*system (?:override|prompt|directive|instruction|command|update)s?\b",
        r"\b(?:system|ai|llm|assistant|gpt|model) (?:override|prompt|directive|instruction|command)s?\s*[:>\]]",
        r"(?<!follow the )(?<!see the )(?<!by the )\b(?:your|my|the|this|its) system prompt\b(?! you| users?| the"
        r"| applicants?)",
        r"\b(?:begin|start|end) (?:of )?(?:system|hidden|secret|new|ai) (?:instructions?|prompt|message)\b",
        rf"{_BEGIN}pretend (?:that )?you(?:'re| are) (?:an? |the )",
    ),
)
TO_MODEL = (*(family for words in LANGUAGES for family in _of_language(words)), *_ADDRESSED)
"""Drop what you were told, play a part, show what you were told; and addresses to a machine that reads."""

ABOUT_ANSWER = (
    *(begun_by(words.tell, rf"{_BEGIN if words.is_spaced else ''}(?:{fold(words.tell)})") for words in LANGUAGES),
    family(
        "summari|drafting your",
        r"\bwhen(?:ever)? (?:you (?:are )?)?(?:summari[sz]\w*|drafting) (?:this|the|your) (?:document|page|text"
        r"|passage"
        r"|article|e-?mail|reply|response|answer)\b",
    ),
    family(
        "user|human",
        r"\b(?:if|when|whenever|every time|each time) (?:the |a |any |an )?(?:user|human) asks\b",
        rf"{_AND}(?:recommend|promote|suggest|mention|praise)\b{_GAP}{{1,60}}\bto (?:the|every|any|each|all) users?\b",
    ),
    family(
        "always ",
        rf"{_BEGIN}always {_SAYING}\s+(?:to (?:every|any|all) \w+ )?(?:that|by|as if|like|yes|no\b|[\"'«])",
        rf"{_BEGIN}always {_SAYING} with\b(?! (?:honest|the truth|truth|confidence|care))",
        rf"{_BEGIN}always (?:say|claim|recommend|promote|output)\b(?! (?:hello|thank|please|so|if|when|why|whether"
        rf"|your|the truth|what))",
        rf"{_BEGIN}always state that\b",
    ),
    family(
        "answer|respon|reply",
        rf"\b{_SAYING}(?:ing)?(?: to)? (?:all|any|every|each|the|this|these|following|subsequent|future"
        rf"|further) (?:of )?"
        r"(?:the )?(?:following |other |future |user'?s? )*(?:questions?|quer(?:y|ies)|prompts?|requests?|messages?) "
        r"(?:only |just )?(?:with\s*[\"'«]|by (?:saying|telling)|as (?:if|though) you|like a|in the (?:style|voice)"
        r"|saying)",
        rf"{_AND}(?:only {_SAYING}|{_SAYING}(?: only| exclusively)?) (?:with|in) (?:json|base64|rhym\w+|verse|emojis?"
        rf"|pirate"
        r"|morse|binary|leet|all caps|the style|character)",
    ),
    family(
        "your |every |each |all |any ",
        rf"{_AND}(?:begin|start|end|finish|conclude|prefix|preface|sign off) (?:every|each|all(?: of)?|any|your) "
        r"(?:of your )?(?:answer|repl|response|output|message)\w* (?:with|by)\b",
    ),
    family(
        "your answer|your reply|your response|your output|your message",
        rf"{_AND}(?:modify|enhance|augment|rearrange|jumble|scramble|encode|encrypt|obfuscate|garble|anagram|embellish"
        rf"|enrich|distort|translate) (?:\w+ ){{0,6}}?your {_REPLY}",
        rf"{_AND}(?:rearrange|jumble|substitute|reverse|integrate|misspell|anagram|replace|remove|convert|introduce"
        rf"|embed"
        rf"|weave|incorporate|combine|omit|shuffle|swap|sprinkle|use|change|inject|capitali[sz]e)\b{_GAP}{{1,90}}"
        rf"\b(?:in|of|from|into|to|throughout|within) your {_REPLY}",
        rf"{_AND}(?:add|include|insert|append|put|place) (?:an? |the |this |following )*(?:\w+ )?(?:sentence|line"
        rf"|link|phrase"
        rf"|paragraph|headline|reason|call|advert\w*|plug|[\"']){_GAP}{{0,140}}\b(?:in|to|into|of) your {_REPLY}",
        rf"\b(?:in|within|throughout) your {_REPLY},? (?:suggest|promote|encourage|advertise|invite|persuade|urge"
        rf"|praise"
        r"|always|never|only|hint)\b",
        rf"\b(?:provide|give|write|deliver|present|format|return|output"
        rf"|craft) your {_REPLY} (?:\w+ )?(?:without (?:any )?"
        r"(?:spaces|punctuation|vowels)|with intentional|(?:in|using|as|with) (?:only )?(?:base64|hex|binary|rot13"
        r"|morse|emojis?"
        r"|pirate|rhyme|reverse|leet|pig latin|json|alphanumeric|anagrams?|symbols|homophon\w+|mis-?spell\w+))",
    ),
    family(
        "do not |don't |never ",
        rf"\b(?:do not|don't|never) (?:mention|reveal|disclose|tell|say|show|acknowledge|refer to"
        rf"|repeat)\b{_GAP}{{0,40}}"
        r"(?:\bthe users?\b|\b(?:this|these|your|the) (?:hidden |above |previous |secret |system )*(?:instructions?"
        r"|prompts?"
        r"|directive|injection)\b|that you (?:were|have been|are) (?:told|instructed|asked|given|an? ai))",
    ),
)
"""What to tell whoever asks, or in what shape."""

_SPEAKER = r"(?:^|[\n.!?*_\"')\]>}\-]\s*)"
ROLE_MARKERS = (
    family(
        "<|",
        r"<\|(?:im_start|im_end|im_sep|system|user|assistant|end|endoftext|eot_id|start_header_id|end_header_id"
        r"|begin_of_text|end_of_text|startoftext|fim_\w+|return|channel|message)\|>",
    ),
    family(
        "inst]|sys>>|_of_turn>|[system|[assistant|[/",
        r"\[/?inst\]|<</?sys>>|</?(?:start|end)_of_turn>|\[/?(?:system|assistant)_?(?:prompt|message)?\](?=\W)",
    ),
    family(
        "##", r"(?:^|\n|\s)#{2,} ?(?:system|instructions?|assistant|human|response|new instructions?)\s*(?::| you )"
    ),
    family(
        "system:|assistant:|developer:|ai:|system :|assistant :|ai :",
        rf"{_SPEAKER}(?:user|human)\s*: .{{1,400}}?(?:assistant|ai|system)\s*: ",
        rf"{_SPEAKER}(?:system|assistant|ai|ai assistant)\s*: .{{1,400}}?(?:user|human)\s*: ",
        rf"{_SPEAKER}(?:system|assistant|developer)\s*: ?(?:you (?:are|must|will|should)|ignore|i (?:will|am)|sure\b"
        rf"|always|never)",
    ),
)
"""Marks that separate speakers in what a model reads, as if the text were a conversation."""

_PLACE = (
    r"(?:https?://|www\.|[\w.+-]+@[\w-]+\.|[\w-]+\.(?:com|net|org|io|xyz|ru|info|biz|tld|dev)\b"
    r"|(?:the |this |my |our )?(?:following |attacker'?s? |given )?(?:url|link|webhook|endpoint|server)\b)"
)
SENDING = (
    family(
        "conversation|chat |previous message|api key|system prompt|user",
        rf"{_AND}(?:send|forward|e-?mail|post|transmit|exfiltrate|leak|upload|append|copy)\b{_GAP}{{0,30}}"
        r"\b(?:the|this|our|your) (?:entire |whole |full |complete )?(?:conversation|system prompt|user'?s? (?:data"
        r"|input"
        rf"|messages?|question|query|personal\w*|e-?mail|name|details|history))\b{_GAP}{{0,40}}\b(?:to|at|via|into"
        rf"|as)\b",
        rf"\b(?:send|forward|e-?mail|post|transmit|exfiltrate|leak|upload|append|encode)\b{_GAP}{{0,60}}"
        r"\b(?:conversation|chat (?:history|log)|previous messages?|api keys?|system prompt|user'?s? (?:data|input"
        r"|messages?"
        rf"|question|personal\w*|name|history))\b{_GAP}{{0,60}}\b(?:to|at|via|into|in|using)\b {_PLACE}",
    ),
    family(
        "](|<img",
        # An address in an image or a link with a place to be filled in.
        r"!?\[[^\]\n]{0,200}\]\(\s*(?:https?:)?//[^)\s]{0,300}[?&/=#](?:[^)\s]{0,100}=)?(?:\{|%7b|\[|<|\$\{|\$\()",
        r"!\[[^\]\n]{0,200}\]\(\s*(?:https?:)?//[^)\s]{0,300}[?&][\w.-]{1,40}=(?:data|info|num|name|secret|summary"
        r"|query"
        r"|prompt|message|conversation|history|text|input|email|password|token|key)\b",
        r"<img[^>]{0,200}src\s*=\s*[\"']?(?:https?:)?//[^>\s]{0,300}=(?:\{|\[|\$\{|data\b|info\b)",
    ),
)
"""Orders to send the conversation somewhere, and images or links that would carry it."""

RUN_TOGETHER = tuple(
    re.compile(
        rf"(?:{fold(w.ignore)})\w{{0,20}}(?:{fold(w.earlier)})\w{{0,20}}(?:{fold(w.directive)})".replace(" ", "")
    )
    for w in LANGUAGES
    if w.is_spaced
)
"""The first of these families without any spaces."""
