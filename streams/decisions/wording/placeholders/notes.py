"""Placeholders that are notes: what writers say to themselves or to a colleague, and what forms and assistants say."""

from streams.decisions.wording.placeholders.kind import Kind
from streams.decisions.wording.placeholders.words import TERM

_FILL = "(?:add|amend|approve|fill in|insert|sign off|translate|verify)"
_CHECK = f"(?:{_FILL}|chase|check|confirm|update)"
_ASKS = "(?:are|can|could|did|do|does|has|have|is|was|were)"
_THIS = "(?:it|that|these|this|those|we)"
_SCALES = "audience|category|certainty|impact|level|risk|severity|status|type|urgency"
_CHANGE = "(?:amend|change|changing|cut|delete|edit|remove|take out|update|updating)"
_CHARACTERS = r"\d+ (?:char(?:acter)?s|words)"

NOTES = (
    Kind(
        "a doubt in parentheses",
        r"\((?:(?:draft|example|sample)\)|(?:to |please |pls )?(?:check|confirm|verify|sp|spelling"
        r"|gwirio)(?: (?:with|w/|this|details|figures?|numbers?|times?|spelling)\b[^()]*)?\s?\??\)"
        r"|(?![^()]*(?:able|yet|us|free) to)[^()]{1,30} to (?:add|advise|check|confirm|provide|supply)\)"
        r"|[^()]{1,40}\?\)|(?:ask|chase) (?:comms|control|legal|ops)\)|(?:awaiting|pending) [^()]{1,30}\)"
        r"|[^()]*\? (?:ask|chase) [^()]*\)"
        rf"|(?:or|{_ASKS}) {_THIS}\b[^()]*\?[^()]*\)|[^()]* i think\)"
        r"|(?:only )?(?:add|include|keep|use) (?:only )?(?:if|this|when|where)\b[^()]*\)"
        r"|(?:please|pls) (?:choose|complete|describe|enter|select|specify|state|tick)(?: (?:below|here|one))?\))",
        "(check)",
        plain=True,
        needs="(",
    ),
    Kind(
        "a doubt of the writer's",
        r"\b(?:note to (?:author|editor|self|writer)\b|get sign-?off\b|draft (?:(?:copy|for|only|text|version|v\d)\b"
        r"|\d(?=[:.)\]–-]))|for (?:approval|clearance|sign-?off)\s*[:)]|approved by:\s*(?:$|\[)"
        r"|(?:awaiting|needs?|pending|requires?|subject to) (?:\w+ ){0,2}sign-?off\b"
        r"|(?:do not|don['’]t) (?:issue|post|publish|release|send|share|tweet)(?: \w+){0,3} yet\b"
        r"|do not (?:post|publish|release|send)(?=[.:!)\]]|$| until\b| without\b)"
        r"|not for (?:distribution|publication|release)\b|hold [-–:] )",
        "draft for approval",
        plain=True,
        words="note to|sign|draft|approv|clearance|not for|do not|don’t|don't|hold ",
    ),
    Kind(
        "a request to a colleague",
        rf"\b(?:can you (?:please |pls )?{_CHECK} {_THIS}\b|before (?:it|this) goes live\b"
        rf"|(?:can|could|would) (?:anyone|someone|somebody) (?:please |pls )?{_CHECK}\b(?! on\b)"
        rf"|(?:someone|somebody) (?:please|pls) {_CHECK}\b(?! on\b)|add the welsh\b|(?:pls|plz) {_FILL}\b"
        rf"|(?:chase|check|find|get|needs?|want) (?:a |the )?{TERM} (?:pls|please)\b"
        r"|waiting on (?:confirmation|figure|name|number|quote|wording)\b)"
        rf"|(?<!\w)@\w+,? (?:please |pls |can you |could you ){_FILL}\b",
        "can someone check",
        plain=True,
        words="can you |goes live|anyone|someone|somebody|the welsh|pls|plz|please|waiting on",
    ),
    Kind(
        "a question to a colleague",
        rf"\b[A-Z][a-z]+ ?[-–—] {_ASKS} {_THIS} (?:all |been |still )?(?:approved|cleared|confirmed|correct|OK|ok|right"
        r"|signed|the latest|up to date)\b|\bstill (?:correct|OK|ok|right|true|up to date)\?"
        r"|(?:(?<=[.!?] )|^)(?:[A-Z][a-z]+ ?[-–—] )?(?:[Ww]hat |[Ww]hich )?(?:[Aa]ge|[Ff]igures?|[Ll]ink|[Nn]ame"
        r"|[Nn]umber|[Pp]ostcode|[Qq]uote|[Ww]ording)\?",
        "Tom - is this still right?",
        needs="?",
    ),
    Kind(
        "a note about the text",
        rf"\b(?:{_CHANGE} (?:each|every) time\b|{_CHANGE} (?:this |these |the )?(?:\w+ )?before (?:going|issu|post"
        r"|publi|releas|send)|highlighted (?:bits|fields|parts|text|words)\b|re(?:phrase|word|write) this\b"
        r"|this (?:caption|para(?:graph)?|template|wording)\b|(?:latest|previous|this) draft(?=[.,;:)]|$)"
        r"|(?:as per|copied from|copy from) last (?:alert|incident|message|one|post|time)\b|(?:character|word) count\b"
        rf"|max(?:imum)?\.? {_CHARACTERS}\b|{_CHARACTERS} (?:about|from|here|max|on)\b)"
        r"|^draft ?[-–—:(]|^version [a-d\d]\b(?! of\b|\.\d)|^(?:caption|copy|draft|post|script|text|tweet"
        r"|wording) for (?:the )?(?:app|facebook|intranet|press|public|radio|sms|social|staff|twitter|web|website"
        r"|x)\b[^.]{0,20}:",
        "reword this",
        plain=True,
        words=(
            "each time|every time|before going|before issu|before post|before publi|before releas|before send|"
            "highlighted|rephrase|reword|rewrite|this caption|this para|this template|wording|draft|as per|"
            "copied from|copy |count|characters | chars |characters| words|version |caption for|post for|script for|"
            "text for|tweet for"
        ),
    ),
    Kind(
        "words still to be found",
        r"\b(?:needs? to (?:chase|double[- ]check)(?=[.,;)]| and\b| with\b)|i['’]ve (?:drafted|guessed|written)\b"
        r"|check (?:the )?(?:copy|figures|quote|spelling|wording)\b|angen y? ?gymraeg\b"
        r"|to (?:add|check|provide|supply|write) (?:the )?(?:caption|copy|headline|quote|wording)\b"
        r"|(?:cymraeg|english|gymraeg|welsh) (?:here|needed|yma)\b)|(?<=[,(] )not sure (?:how many|which)\b"
        r"|(?:^|[.:!?(“\"‘] ?)(?:(?:describe|explain|say|set out|tell people) (?:how|what|when|where|why) (?:it"
        r"|parents|people|residents|the public|they|we) (?:are|can|have|must|need|should)\b"
        r"|(?:a (?:bit|line|sentence)|some(?:thing| words)|words) (?:about (?:how|what|who|why)|here|saying)\b"
        r"|quote from (?:the )?[\w ]{1,25}(?:[.)]|$))",
        "needs to double-check.",
        plain=True,
        words=(
            "to chase|to double|ve drafted|ve guessed|ve written|check |copy|quote|wording|caption|headline|cymraeg|"
            "gymraeg|english |welsh |words |not sure|describe |explain |say how|say wh|set out|tell people|a bit |"
            "a line |a sentence |something "
        ),
    ),
    Kind(
        "an answer that was meant for the writer",
        r"\b(?:(?:thank you for your|diolch am eich) e-?(?:mail|bost)|as an ai|i hope this helps"
        r"|here(?: is|['’]s) (?:a|the) (?:concise|draft|improved|polished|revised|rewritten|shorter"
        r"|simpler) (?:\w+ )?(?:message|post|statement|text|version)|let me know if you['’]d like"
        r"|i am (?:\w+ )?out of the office|auto(?:matic)?[- ]?reply)\b",
        "I hope this helps",
        plain=True,
        words="for your e|am eich e|here is|here's|here’s|as an ai|hope this|let me|out of the|reply",
    ),
    Kind(
        "a word for what nobody knew",
        r"\b(?:such[ -]and[ -]such|so-and-so|thing(?:y|ie|ummy|amajig)|what(?:sit|shisname|sername)|wotsit|doo-?dah"
        r"|x (?:amount|number) of|something or other|however (?:far|long|many|much) (?:he|it|she|they|we) sa(?:id|y)s?"
        r"|(?:at|by|from|in|near|on|to) (?:what|wher|which|who)ever (?:he|it|she|that|they|this) (?:are|is|was"
        r"|were)(?= (?-i:[A-Z])|[.,;]))\b",
        "so-and-so",
        plain=True,
        words="such|so-and-so|thing|what|wotsit|doo|ever |x amount|x number",
    ),
    Kind(
        "a button of a form",
        r"\b(?:please (?:choose|select)(?: (?:one|an? (?:item|option|value)))?\s*(?:-|–|—|>|\.\.|…|$)"
        r"|(?:choose|fetching|loading|select)(?:\.\.\.|…)|goes? in (?:the|this) (?:box|field)\b"
        r"|(?:enter|type) (?:a|the|your) (?:headline|message|subject|text|title)\b"
        r"|(?:add|attach|insert|upload) (?:chart|file|graphic|image|logo|map|photo|picture)\b(?! to))"
        r"|(?<=: )(?:please )?(?:choose|describe|select|specify)(?=[.\n]|$)|\((?:default|\d+ selected)\)|\*required\b",
        "-- Please select --",
        plain=True,
        words=(
            "choose|select|fetching|loading|enter |type |in the box|in this box|in the field|in this field|add |"
            "attach |insert |upload |describe|specify|(default|*required"
        ),
    ),
    Kind(
        "a field of a form",
        r"\b(?:(?:cell|column|field|item|label|sheet|textbox|variable)\d{1,2}\b|(?:address|text) line \d\b"
        rf"|(?:bullet|para(?:graph)?|sentence) \d:|(?:{_SCALES}): [a-z]+(?: ?[|/] ?[a-z]+){{2,}})"
        r"|, (?:job title|role|title)(?=,? said\b)|^(?:body|caption|footer|header|headline|intro|standfirst"
        r"|title) (?:copy|line|text)\b|^(?:\w+ )?(?:caption|headline|hashtag|quote|title) here\b",
        "Column2",
        plain=True,
        words=(
            "cell|column|field|item|label|sheet|textbox|variable| line |bullet |para|sentence |, job|, role|, title|"
            "body |caption|footer|header|headline|intro|standfirst|title |hashtag|quote here|"
            f"{_SCALES.replace('|', ': |')}: "
        ),
    ),
)
