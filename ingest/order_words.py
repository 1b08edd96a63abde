"""The words in which a model is ordered about, language by language: parts of the patterns in `ingest.orders`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LANGUAGES", "OrderWords"]


@dataclass(frozen=True, slots=True)
class OrderWords:
    """Alternatives of a pattern each, matched against folded text.

    `ignore` + `earlier` + `directive`, or `ignore` + `everything`: drop what you were told. `persona` + `model`: you
    are now such a machine. `reveal` + `prompt`: show what you were told. `tell`: what to say to whoever asks.
    `is_spaced`: words stand apart, and their vowels are letters. `verb_last`: the order of words.
    """

    ignore: str
    earlier: str
    directive: str
    everything: str
    persona: str
    model: str
    reveal: str
    prompt: str
    tell: str
    is_spaced: bool = True
    verb_last: bool = False


# "Without restrictions" is no sign of a machine here: people are told that they may now work without restrictions.
LANGUAGES: tuple[OrderWords, ...] = (
    OrderWords(  # English, where the verbs are also infinitives: `ingest.orders` asks for an imperative
        ignore=r"ignore|disregard|forget|override|bypass|overlook|neglect|discard|abandon|set aside"
        r"|pay no attention to"
        r"|do not (?:follow|obey|heed)|don't (?:follow|obey|heed)|stop (?:following|obeying)|no longer (?:follow"
        r"|obey)",
        earlier=r"previous(?:ly)?|prior|above|preceding|earlier|former|foregoing|past|initial|original|existing"
        r"|all|your"
        r"|any other|before|until now|so far|up to (?:now|this point)|you (?:were|have been) (?:given|told)"
        r"|system(?:'s)?",
        directive=r"(?:instruction|prompt|guideline|directive|command|rule|order|constraint|guardrail|safeguard"
        r"|direction|limitation|restriction)s?|programming|training|guidance|context|polic(?:y|ies)",
        everything=r"(?:everything|anything|all)\b[^.!?\n]{0,25}\b(?:above|before|previous(?:ly)?|prior|told|said"
        r"|up to now|so far)"
        r"|everything we",
        persona=r"you(?:'re| are) (?:now|no longer|henceforth)|from (?:now|this point|here) on,? you"
        r"|you will now (?:act|behave)|(?<!may )(?<!can )(?<!not )act (?:as|like)|(?<!not )pretend (?:to be"
        r"|(?:that )?you(?:'re| are))|role-?play(?:ing)? as"
        r"|behave (?:as|like)|imagine (?:that )?you(?:'re| are)|(?:take on|assume|adopt) the (?:role|persona"
        r"|identity) of"
        r"|(?:switch to|enter|enable|activate)",
        model=r"(?:ai|llm|dan)\b(?! \w+(?:er|or|ist)s?\b)|chat ?bots?|bot\b|language model|jailbroken|unfiltered"
        r"|uncensored|hacker|pirate|(?:ai|helpful|virtual|obedient|malicious|evil|unrestricted) assistant"
        r"|assistant (?:that|who|called|named|with no)|(?:developer|debug|god|admin|sudo|root|dan|unrestricted) mode"
        r"|bound by (?:your|openai)",
        reveal=r"reveal|show|print|repeat|output|display|leak|disclose|share|expose|dump|tell (?:me|us)|give (?:me|us)"
        r"|return|recite|echo|summari[sz]e|translate|write out|copy|ignore",
        prompt=r"system prompt|your (?:own |full |exact )?(?:initial |original |hidden |secret |internal |system "
        r"|previous )(?:prompt|instructions?|configuration|guidelines|rules)|your (?:prompt|programming|api keys?"
        r"|training data)|the (?:initial|hidden|secret|internal|system) (?:prompt|instructions?)"
        r"|everything above|the (?:words|text|sentences) above",
        tell=r"(?:tell|inform|advise|notify|convince|persuade|assure|urge|instruct|redirect|remind|(?:respond|reply"
        r"|answer) to) "
        r"(?:(?:all |the |every |your |any )?users?\b|(?:anyone|everyone|people|whoever) (?:who )?asks?\b)",
    ),
    OrderWords(  # Spanish
        ignore=r"ignor(?:ar|[ae]n?|es)|olvid(?:ar|[ae]n?|es)|olvidate de|desatiende|descart[ae]"
        r"|no (?:hagas|haga) caso (?:de|a)|haz caso omiso (?:de|a)|pas[ae] por alto|no sig(?:as|a)",
        earlier=r"anterior(?:es)?|previ[ao]s?|precedentes?|de arriba|iniciales|originales|todas (?:las|tus)|tus",
        directive=r"instruccion(?:es)?|indicaciones|ordenes|reglas|directrices|directivas|normas|prompts?",
        everything=r"todo (?:lo (?:anterior|de arriba|dicho)|esto)",
        persona=r"ahora eres|eres ahora|a partir de ahora,? (?:eres|seras|actuaras)|actua como|finge (?:ser|que eres)"
        r"|hazte pasar por",
        model=r"modelo de lenguaje|inteligencia artificial|ia\b|ai\b|chatbot|bot\b|asistente (?:virtual|de ia)|hacker"
        r"|pirata"
        r"|dan\b",
        reveal=r"revela|devuelve(?:me)?|muestra(?:me)?|imprime|repite|dime|filtra|escribe",
        prompt=r"system prompt|prompt|(?:tus|las) instrucciones (?:del sistema|iniciales|internas|ocultas|originales)",
        tell=r"(?:dile|di|diga|digale|informa|indica|recomienda|asegura|responde) (?:siempre )?al usuario",
    ),
    OrderWords(  # French
        ignore=r"ignor(?:e|es|ez|er)|oubli(?:e|es|ez|er)|neglig(?:e|ez|er)|ne (?:tiens|tenez) (?:pas|plus) compte"
        r"|ne (?:suis|suivez) (?:pas|plus)|fai(?:s|tes) abstraction",
        earlier=r"precedente?s?|anterieure?s?|ci-dessus|qui precedent|initiales?|d'origine|plus haut|tes"
        r"|toutes (?:les|tes|vos)",
        directive=r"instructions?|consignes?|directives?|regles|ordres|indications|prompts?",
        everything=r"tout ce qui (?:precede|est (?:ecrit|dit))",
        persona=r"(?:tu es|vous etes) (?:maintenant|desormais)|a partir de maintenant,? (?:tu es|vous etes)"
        r"|agi(?:s|ssez) comme|fai(?:s|tes) semblant d'etre|comporte-toi comme",
        model=r"modele de langage|intelligence artificielle|ia\b|ai\b|chatbot|assistant (?:virtuel|ia)|hacker|pirate"
        r"|dan\b",
        reveal=r"revele[rz]?|affiche[rz]?|montre(?:-moi|z)?|repete[rz]?|imprime[rz]?|divulgue[rz]?",
        prompt=r"prompt|(?:tes|les|vos) instructions (?:systeme|du systeme|initiales|internes|cachees|d'origine)"
        r"|message systeme|invite systeme",
        tell=r"(?:dis|dites|informe|indique|recommande|reponds) (?:toujours )?a l'utilisateur",
    ),
    OrderWords(  # German
        ignore=r"ignorier(?:e|en|t)|vergiss|vergessen sie|missacht(?:e|en)|ubergeh(?:e|en)|befolge (?:nicht|keine)"
        r"|verwirf",
        earlier=r"vorherig\w*|bisherig\w*|vorig\w*|vorangegangen\w*|vorstehend\w*|obig\w*|fruher\w*|ursprunglich\w*"
        r"|(?:alle )?deine\w*|oben|zuvor",
        directive=r"anweisung(?:en)?|instruktion(?:en)?|vorgaben?|regeln|befehle?|anleitungen|richtlinien|prompts?",
        everything=r"alles (?:vorherige|bisherige|obige|davor|zuvor|was (?:oben|vorher))",
        persona=r"(?:du bist|sie sind) (?:jetzt|nun|ab sofort)|ab (?:jetzt|sofort) bist du|tu so,? als (?:warst"
        r"|seist) du"
        r"|verhalte dich wie|agiere als|spiele die rolle",
        model=r"sprachmodell|kunstliche intelligenz|ki\b|ai\b|chatbot|bot\b|hacker|pirat\w*|dan\b",
        reveal=r"zeige?|verrate?|gib|nenne|wiederhole|drucke|offenbare",
        prompt=r"system-? ?prompts?|system-? ?anweisung\w*|dein\w* (?:ursprunglichen|internen|geheimen|versteckten)? ?"
        r"(?:anweisungen|instruktionen|prompts?)",
        tell=r"(?:sage?|teile?|informiere|empfiehl|antworte) (?:immer )?(?:dem|den|der) (?:be)?nutzer\w*",
    ),
    OrderWords(  # Portuguese
        ignore=r"ignor(?:ar|[ae]m?|es)|esqueca|esquece|esquecer|desconsider[ea]|despreze|nao (?:siga|sigas)",
        earlier=r"anterior(?:es)?|previas?|acima|precedentes|iniciais|originais|todas as",
        directive=r"instruc(?:ao|oes)|orientacoes|ordens|regras|diretrizes|comandos|prompts?",
        everything=r"tudo (?:acima|o que (?:foi|esta)|anterior)",
        persona=r"agora voce e\b|voce agora e\b|voce e agora|a partir de agora,? voce e\b|aja como|finja ser|es agora",
        model=r"modelo de linguagem|inteligencia artificial|ia\b|ai\b|chatbot|bot\b|assistente virtual|hacker|pirata"
        r"|dan\b",
        reveal=r"revel[ea]|mostr[ea]|exib[ae]|repita|imprim[ae]|divulgue",
        prompt=r"prompt|(?:suas|tuas|as) instrucoes (?:do sistema|iniciais|internas|ocultas|originais)",
        tell=r"(?:diga|informe|recomende|responda) (?:sempre )?(?:ao|aos) (?:usuario|utilizador)\w*",
    ),
    OrderWords(  # Italian
        ignore=r"ignora(?:te|re)?|dimentica(?:te|re)?|trascura|non seguire",
        earlier=r"precedent[ei]|sopra|iniziali|originali|tutte le|(?:le )?tue",
        directive=r"istruzion[ei]|indicazioni|direttive|regole|ordini|comandi|prompt",
        everything=r"tutto (?:quanto|cio che (?:precede|e scritto))",
        persona=r"(?:ora|adesso) sei|sei (?:ora|adesso)|da ora in poi,? sei|agisci come|fingi di essere",
        model=r"modello linguistico|intelligenza artificiale|ia\b|ai\b|chatbot|bot\b|assistente virtuale|hacker"
        r"|pirata|dan\b",
        reveal=r"rivela|mostra(?:mi)?|stampa|ripeti|divulga",
        prompt=r"prompt|(?:le tue|le) istruzioni (?:di sistema|del sistema|iniziali|interne|nascoste)",
        tell=r"(?:di'|dici|informa|consiglia|rispondi) (?:sempre )?all'utente",
    ),
    OrderWords(  # Russian
        ignore=r"игнорируй(?:те)?|проигнорируй(?:те)?|забудь(?:те)?|не (?:следуй|выполняй|соблюдай)(?:те)?"
        r"|отбрось(?:те)?",
        earlier=r"предыдущ\w*|прежн\w*|вышеуказанн\w*|вышеприведенн\w*|вышеизложенн\w*|предшествующ\w*|выше|ранее"
        r"|(?:все )?(?:свои|твои)|изначальн\w*|первоначальн\w*",
        directive=r"инструкци\w*|указани\w*|правил\w*|команд\w*|директив\w*|промпт\w*|предписани\w*",
        everything=r"все,? (?:предыдущее|вышесказанное|вышеизложенное|что (?:было|написано))",
        persona=r"(?:ты|вы) теперь|теперь (?:ты|вы)|отныне (?:ты|вы)|притворись|веди себя как|действуй как"
        r"|представь,? что ты",
        model=r"языков\w+ модел\w+|искусственн\w+ интеллект\w*|ии\b|чат-?бот\w*|бот\b|хакер\w*|пират\w*|dan\b",
        reveal=r"покажи(?:те)?|раскрой(?:те)?|выведи(?:те)?|повтори(?:те)?|напечатай(?:те)?|выдай",
        prompt=r"системн\w+ (?:промпт\w*|инструкци\w*|подсказк\w*)|промпт\w*|(?:свои|твои) инструкции",
        tell=r"(?:скажи|сообщи|порекомендуй|ответь)(?:те)? (?:всегда )?пользовател\w+",
    ),
    OrderWords(  # Chinese, simplified and traditional
        ignore=r"忽略|无视|無視|忘记|忘記|忘掉|忽视|忽視|不要理会|不要理會|不要遵守|不要遵循|不再遵守|不再遵循",
        earlier=r"之前|以前|先前|以上|上述|上面|前面|此前|所有|全部|你的|原来|原來|原有|最初",
        directive=r"指令|指示|提示词|提示詞|提示|规则|規則|命令|说明|說明|设定|設定",
        everything=r"(?:以上|上面|之前|前面)的?(?:所有|全部|一切)?(?:内容|內容|文字|对话|對話)",
        persona=r"你现在是|你現在是|(?:从|從)(?:现在|現在)(?:开始|開始|起),?你|假装你是|假裝你是|扮演",
        model=r"人工智能|人工智慧|语言模型|語言模型|ai|机器人|機器人|黑客|駭客|海盗|海盜|dan",
        reveal=r"显示|顯示|透露|泄露|洩露|输出|輸出|告诉我|告訴我|重复|重複|打印|说出|說出",
        prompt=r"系统提示词|系統提示詞|系统指令|系統指令|提示词|提示詞|你的指令|初始指令|内部指令",
        tell=r"(?:请|請|务必|務必|必须|必須|始终|总是|總是)(?:告诉|告訴|建议|建議|通知)(?:用户|用戶|使用者)",
        is_spaced=False,
    ),
    OrderWords(  # Arabic, hamza and vowel marks folded away
        ignore=r"تجاهلي|تجاهلوا|تجاهل|انسى|انس|اهمل|لا تتبع",
        earlier=r"السابقة|سابقة|السابق|اعلاه|الاصلية|الاولية|جميع|كل|كافة",
        directive=r"(?:ال)?تعليمات(?:ك)?|(?:ال)?اوامر|(?:ال)?توجيهات|القواعد|(?:ال)?ارشادات",
        everything=r"كل ما (?:سبق|ورد)",
        persona=r"انت الان|من الان فصاعدا,? انت|تصرف ك|تظاهر بانك|تخيل انك",
        model=r"نموذج لغو|ذكاء اصطناعي|الذكاء الاصطناعي|مساعد ذكي|روبوت|مخترق|هاكر",
        reveal=r"اكشف|اظهر|اعرض|اطبع|كرر",
        prompt=r"موجه النظام|تعليمات النظام|تعليماتك",
        tell=r"(?:اخبر|ابلغ) المستخدم|قل للمستخدم",
        is_spaced=False,
    ),
    OrderWords(  # Hindi
        ignore=r"अनदेख[ाी] कर|नज़रअंदाज़ कर|नजरअंदाज कर|उपेक्षा कर|भूल जा|ध्यान न दें|पालन न कर|इग्नोर कर",
        earlier=r"पिछल[ेी]|पूर्व|उपरोक्त|ऊपर|पहले|सभी|मौजूदा",
        directive=r"निर्देश|आदेश|नियम|हिदायत|प्रॉम्प्ट",
        everything=r"(?:ऊपर|पहले) (?:का |लिखा |दिया गया |कहा गया )?सब",
        persona=r"अब (?:से )?(?:आप|तुम)",
        model=r"भाषा मॉडल|कृत्रिम बुद्धि|एआई|ai\b|चैटबॉट|हैकर",
        reveal=r"दिखा|प्रकट कर|बता|उजागर कर|दोहरा",
        prompt=r"सिस्टम प्रॉम्प्ट|सिस्टम निर्देश",
        tell=r"(?:उपयोगकर्ता|यूज़र) (?:को|से) (?:बताएं|बताएँ|बताओ|कहें|कहो|बताइए)",
        is_spaced=False,
        verb_last=True,
    ),
)
