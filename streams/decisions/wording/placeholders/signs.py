"""Certain kinds of gap, recognised by their signs: brackets, marks, letters and figures in place of others.

They are code and no data, so that an edit of the word lists cannot make an unfinished text pass.
"""

from streams.words.register.wording import Kind

_UNIT = r"(?:am|pm|st|nd|rd|th|mph|kmh?|mm?|cm|kg|ft|hrs?|k|mya|yb)"
CERTAIN = (
    Kind(
        name="a field in braces",
        patterns=r"[$#@%]?\{[^{}]*\}|[{}]|\$[(\[][^)\]]*[)\]]",
        example="${name}",
        signs="{}$",
    ),
    Kind(
        name="a field in brackets",
        patterns=r"\[+[^\[\]]*\]+|\[+|[^\s\[\]]{0,40}\w\]+",
        example="[insert place]",
        signs="[]",
    ),
    Kind(
        name="a field in angle brackets",
        patterns=(
            r"<<?\s*[A-Za-zÀ-ÿ/!?%][^<>]{0,80}>|<[%?!]|«\s*\w[\w ]{0,40}»|<\s*>(?! [A-Z])|«\s*»|<(?<=[a-z] <)<(?!<)"
            r"|<{7}|<(?<!\S<)-+(?=\s)|<<\s*[a-z][^<>\n]{0,80}\?"
        ),
        example="<name>",
        signs="<«",
    ),
    Kind(name="a field in double parentheses", patterns=r"\(\([^()]*\)\)", example="((name))", signs="("),
    Kind(
        name="a field of a program",
        patterns=(
            r"%\(\w+\)[sdif]|%\d*\$?[sdif]\b(?!\w)|%-?\d*\.\d+f|%@|%[A-Za-z_]+(?:\|\w*)?%"
            r"|(?<!\d)(?<!\d )%[A-Za-z](?![A-Za-z])|\\u[\da-f]{4}|@(?:Model|end(?:for\w*|if|section))\b"
            r"|@(?:for|foreach|if|include|section|while|yield)\(|\$\.[A-Za-z_]\w*|(?<![\w=])=[A-Z]{1,2}\d{1,3}\b"
            r"|%[57][BbDd]|=[A-Z]{2,}\("
        ),
        example="%s",
        signs="%=@$\\",
    ),
    Kind(name="a variable", patterns=r"\$[A-Za-z_][A-Za-z_]\w*", example="$AREA", signs="$"),
    Kind(
        name="a field between marks",
        patterns=(
            r"\*\|[^|]*\|\*|\|\|[^|]*\|\||\|\w+\||~\w+~|\^\w[\w ]*\^|!!\w+!!|§\w+§|(?<![*\w])##?\w+##?(?!\w)(?<=#)"
            r"|@@\w*|::\w[\w.]*::"
        ),
        example="*|NAME|*",
        signs="|~^!§#@:",
    ),
    Kind(
        name="words in capitals joined by underscores",
        patterns=r"(?<![\w#@/.])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w@])",
        example="AREA_NAME",
        signs="_",
    ),
    Kind(
        name="a line to write on",
        patterns=r"(?<![A-Za-z])_{2,}|_{2,}(?![A-Za-z])|(?<![\w@])_(?![\w@])|(?<![\w@#])_\w+_(?!\w)",
        example="(___)",
        signs="_",
    ),
    Kind(
        name="a row of dots",
        patterns=(r"(?<![a-z]{3})\.{4,}|(?<!\.)\.{7,}|…{2,}|\(\s*(?:\.{2,}|…)\s*\)|[\"“‘](?:\.{2,}|…)[\"”’]"),
        example="........",
        signs=".…",
    ),
    Kind(
        name="question marks",
        patterns=(
            r"(?<![a-z]{2})(?<![?!])\?{2,}|(?<=\w)\?{2,}(?=\w)|\(\s*\?\s*\)"
            r"|\d[.:]\?|\d\?[.:\d]"
        ),
        example="22:??",
        signs="?",
    ),
    Kind(
        name="a row of signs",
        patterns=r"#{4,}|\*{2}[:.]\*{2}|-{2} ?[:./] ?-{2}|[█▓▒░■□▢]{2,}",
        example="#####",
        signs="#*-█▓▒░■□▢",
    ),
    Kind(name="nothing between signs", patterns=r"\(\s*\)|“\s*”|\"\s*\"(?!\w)|‘\s*’", example="()", signs='(“"‘'),
    Kind(
        name="a row of X",
        patterns=(
            rf"(?<![\w#@])(?:Xxx+|(?!(?<=[.!?] )x{{2,4}}$)[Xx]{{2,}}){_UNIT}?(?!\w|-\d\d)"
            rf"|(?<!\w)[Xx]{{2}}\d\d\b|×{{2,}}|(?<!\w)[Xx](?:[ .,][Xx])+(?!\w)|(?<!\w)[Xx](?:{_UNIT}|day| o['’]clock)\b"
            r"|[Xx]{2,}[A-Z]+[Xx]{2,}"
        ),
        example="XXX",
        signs="Xx×",
    ),
    Kind(
        name="X in a number",
        patterns=(r"\b\d+[Xx]{2,}\w*|\b0X\w*|\b[A-Z]{1,2}XX+\b|\b[ABM]x{2,}\b|\b\d[Xx][:/.]\d|£[Xx]+\b"),
        example="01xxx xxxxxx",
        signs="XxNn",
    ),
    Kind(
        name="a date as letters",
        patterns=(
            r"\b(?:DD|dd)(?:th|st)?[ /.-]?(?:MM+|mm+|[Mm]onth|Mon|MONTH|MIS|mis)\b|\b(?:MM|mm)[ /.-](?:DD|dd|YY|yy)"
            r"|\b(?:YYYY|yyyy|BBBB|DDMMYY\w*|ddmmyy\w*|CCYY|yy)\b|\bdd/|\b[Dd]ay/[Mm]onth|\b[Dd]/[Mm]/[Yy]+\b"
            r"|\b(?:20|19)(?:YY|yy|\d[XxYy])\b"
        ),
        example="YYYY-MM-DD",
    ),
    Kind(
        name="an hour as letters",
        patterns=(
            r"\b([A-Za-z])\1[:.]\1\1\b|\b(?:HH|hh|AA)[:.]?(?:MM|mm)(?:[:.]?(?:SS|ss))?\b"
            r"|\b(?:HH|hh)(?::| (?:and|to) (?:HH|hh)\b)"
        ),
        example="HH:MM",
    ),
    Kind(
        name="a date of nothing",
        patterns=(
            r"\b00[/.-]00[/.-]\d+|\b99[/.-]99[/.-]\d+|\b0000-00-00\b|\b0001-01-01|\b0?1[/.-]0?1[/.-](?:1900|1970|0001)\b"
            r"|\b(?:1900|1970)-01-01\b|\b30[/.-]12[/.-]1899\b|\b31[/.-]12[/.-]9999\b|\b99[:.]99\b"
        ),
        example="00/00/0000",
        signs="09",
    ),
    Kind(
        name="what a program shows for nothing",
        patterns=(
            r"#(?:REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC)(?:[!?]|(?<=A))|\bNaN\b|-nan\b|\[object"
            r"|\bInvalid [Dd]ate\b|\[native code|\b(?i:mergefield)\b|&(?!amp;)(?:[A-Za-z]{2,8}|#[Xx]?[\dA-Fa-f]+);"
        ),
        example="#REF!",
        signs="#N-[IMm&",
    ),
    Kind(
        name="to be confirmed",
        patterns=r"\bT\.?B\.?[CADN](?:onfirmed)?\b|\b[Tt]b[cadn]\b|\bt\.b\.[cadn]\b|\bTODO\b|\bFIXME\b",
        example="TBC",
        signs="Tt",
    ),
    Kind(
        name="filler",
        patterns=r"lorem ipsum|dolor sit amet",
        example="lorem ipsum",
        any_case=True,
        hints="lorem, dolor",
    ),
)
