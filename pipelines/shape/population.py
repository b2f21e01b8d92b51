"""Whom the figures of a table cover: the whole scheme, or a part that the words around the table name.

What belongs here: words that narrow a population (nationals of named places, one sector, one sex, first-time
applicants, the first ten of a list), and whether a list is complete, so that its total stands for the whole.  What
must never stand here: a figure.  A part that is taken for the whole is a wrong figure; a whole that is taken for a part
is a gap.  So a word that narrows counts wherever it governs the table, and needs no list of known cases.
"""

# ruff: noqa: E501 - a pattern is read more easily whole
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipelines.cards import Cards, fold
from pipelines.shape.fit import Axis, Fit

LISTED = "listed"  # the total of what the table lists, which need not be all

_SENTENCE = re.compile(r"[。！？;；]|(?<=[a-z\)\d])[.!?](?=\s+[A-Z“\"(]|\s*$)|\n")
_WORDS = 4  # fewer words ("Table 1", "(b)") say of nobody whom the table covers
_IDEOGRAPHS = 6
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_PEOPLE = (
    "nationals?|citizens?|residents?|persons?|people|applicants?|talents?|professionals?|students?|graduates?|"
    "passport holders?|entrants?|applications?|nationality"
)
_PEOPLE_ZH = "國民|国民|公民|居民|國籍|国籍|籍|人士|人才|申請|申请|學生|学生|專才|专才|畢業生|毕业生|護照|护照"
_GROUPS = (
    "asean|the eu|european union|belt and road|gulf cooperation council|middle east|southeast asian?|south asian?|"
    "africa|europe|latin america|brics|g7|g20|東盟|东盟|東協|歐盟|欧盟|一帶一路|一带一路|中東|中东|東南亞|东南亚|南亞|南亚|非洲|歐洲|欧洲|"
    "拉丁美洲|拉美|金磚|金砖"
)

# kind, pattern.  Each is looked for in the folded words, names of schemes taken out
_KINDS: tuple[tuple[str, str], ...] = (
    ("nationality", r"\b(?:nationals|citizens|passport holders|holders of \w+ passports?) of (?!(?:all|each|every|different|various|any)\b)"),
    ("nationality", r"\b(?!(?:foreign|other|all|different|various|by)\b)[a-z]+(?<!of) (?:nationals|citizens)\b(?! of)"),
    ("countries", rf"(?:{_GROUPS})"),
    ("countries", r"\b(?:member|listed|named|selected|following|specified|certain|some|these|those) (?:\w+ ){0,2}"
                  r"(?:states|countries|places|regions|economies|territories|nationalities)\b"),
    ("countries", r"(?:成員國|成员国|(?:下列|以下|上述|指定|個別|个别|部分)(?:各|的)?(?:國家|国家|地區|地区|國籍|国籍|地方|經濟體))"),
    ("sector", r"\b(?:in|of|from|for|within|engaged in) (?:the |this |that )?(?!(?:all|each|every|different|various|any|by)\b)"
               r"(?:[a-z&,/-]+ ){1,6}?(?:sector|industry|field|profession|trade|discipline)\b(?! of)"),
    ("sector", r"(?:任職|从事|從事|任职|屬於|属于|來自|来自|投身)(?!各|不同|所有)[^，,。]{2,14}?(?:業|界|行業|行业|界別|界别|範疇|范畴|領域|领域)"
               r"(?!.{0,3}劃分|.{0,3}划分)"),
    ("sector", r"\b(?:following|listed|selected|these|those) (?:\w+ ){0,2}(?:sectors|industries|professions|occupations)\b"),
    ("sex", r"\b(?:female|male|women|men)\b|女性|男性"),
    ("age", r"\baged? (?:\d+|under|below|above|over|between|from)\b|\b(?:under|over|below|above) the age of\b|"
            r"\d+ ?[歲岁](?:以下|以上|或以下|或以上|至|或)"),
    ("first time", r"\bfirst[ -]time\b|首次(?:申請|申请|來港|来港|入境|獲批|获批|延期)"),
    ("term of stay", r"\b(?:short|long)[ -]term\b|\bless than (?:12|twelve|six|6) months\b|短期|長期|长期|不足12個月|12個月或以上"),
    ("dependants", r"\bdependants?\b|\bspouses?\b|\bchildren\b|受養人|受养人|家屬|家属|配偶|子女"),
    ("part of a list", r"\bof (?:the following|which|whom|these|those)\b|\bamong (?:them|these|those|whom)\b|其中|當中|当中"),
    ("part of a list", r"\b(?:top|first|major|main|leading|largest|most common|most popular) (?:\w+ ){0,2}"
                       r"(?:places|countries|regions|nationalities|sectors|industries|sources|origins)\b|"
                       r"\btop (?:three|five|six|eight|ten|fifteen|twenty|\d+)\b|"
                       r"首(?:三|五|六|八|十|十五|二十|\d+)[個个大位]|前(?:三|五|十|\d+)[位大名個个]|"
                       r"(?:主要|最多的?)(?:來源|来源|國家|国家|地區|地区|行業|行业|界別|界别)|最多的[一二三四五六七八九十\d]+個"),
    ("income", r"\bwith (?:an? )?(?:annual|monthly)? ?(?:income|salary|salaries|remuneration)s? (?:of|exceeding|above|below|over)\b|"
               r"(?:年薪|月薪|年收入|月入|收入)(?:達|达|超過|超过|逾|在|低於|低于|不少於|不少于)"),
    ("degree", r"\b(?:with|holding|holders of) (?:an? )?(?:doctoral|doctorate|master|bachelor|phd)|持有?(?:博士|碩士|硕士|學士|学士)"),
    ("category", r"\bcategor(?:y|ies) [a-c]\b|[甲乙丙abc]類(?!別)|[甲乙丙abc]类(?!别)"),
    ("test", r"\b(?:general|achievement[ -]based) points test\b|(?:循|以|按|透過|通過|根據)(?:綜合|综合|成就)計分制|[綜综]合[計计]分制下|成就[計计]分制下"),
    ("stream", r"\((?:professionals|investment|investors?|entrepreneurs?)\)|\b(?:professionals|investment|entrepreneurs?) stream\b|"
               r"[(（](?:專業人士|专业人士|專業人才|投資|投资|企業家|企业家)[)）]"),
    ("only", r"\b(?:covers?|includes?|counts?|refers? to) only\b|\bonly (?:covers?|includes?|counts?|refers? to)\b|"
             r"只(?:包括|涵蓋|涵盖|計算|计算|限)|僅(?:包括|涵蓋|計算|限)|仅(?:包括|涵盖|计算|限)"),
)  # fmt: skip
_NARROWS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_SERVED = {
    "sex": {"sex"}, "age": {"age"}, "category": {"category"}, "test": {"test"}, "income": {"income", "remuneration"},
    "degree": {"qualification"},
}  # fmt: skip
_ALL = re.compile(
    r"\b(?:of|for|on) all (?!the following)|\ball (?:the )?(?:applications|applicants|persons|cases)\b|所有|全部|全體|全体|全數|全数"
)
_EVERYWHERE = re.compile(r"\b(?:overseas|foreign|elsewhere|abroad)\b|海外|外地|其他地方|外國|外国")
_MAINLAND = "MAINLAND"
_OF_MAINLAND = frozenset({"ASMTP"})  # schemes that admit nobody else, so that the word narrows nothing


@lru_cache(maxsize=8)
def _names(labels: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(labels, key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in ordered) or r"(?!)")


@lru_cache(maxsize=8)
def _people_of(places: tuple[str, ...]) -> re.Pattern[str]:
    """A place with people, on either side: "from India", "Mainland residents", 印度籍."""
    english = "|".join(re.escape(p) for p in places if p.isascii() and len(p) > 2)
    chinese = "|".join(re.escape(p) for p in sorted(places, key=len, reverse=True) if not p.isascii())
    return re.compile(
        rf"\b(?:from|nationals of|citizens of|residents of) (?:the )?(?P<a>{english or '(?!)'})\b|"
        rf"\b(?P<b>{english or '(?!)'}) (?:{_PEOPLE})\b|"
        rf"(?:來自|来自)(?P<c>{chinese or '(?!)'})|(?P<d>{chinese or '(?!)'})(?:的)?(?:{_PEOPLE_ZH})"
    )


class Population:
    """What words narrow, by the vocabularies of the cards."""

    def __init__(self, cards: Cards) -> None:
        schemes, places = cards.vocabularies.get("schemes"), cards.vocabularies.get("places")
        names = {fold(label) for t in schemes.terms for label in t.labels} if schemes else set()
        self._schemes = _names(tuple(sorted(names)))
        self._codes = {fold(label): t.code for t in places.terms for label in t.labels} if places else {}
        own = {"HK", "OTHERS"}
        self._people = _people_of(tuple(sorted(p for p, code in self._codes.items() if code not in own)))

    def narrowed(self, words: Iterable[str], fit: Fit) -> str:
        """The scope that `words` give a table of `fit`: kinds and words, in order ("countries: asean"); "" for the
        whole.

        A feature that the table itself is divided by (sex, age, category) narrows nothing: its words name the list.
        """
        axes = {fit.layout.rows, fit.layout.columns, fit.layout.over} & set(fit.card.dimensions)
        schemes = {code for _, code in fit.given} | {fit.card.recognise.scheme}
        found: dict[str, str] = {}
        for text in words:
            said = self._schemes.sub(" ", fold(text))
            for kind, pattern in _NARROWS:
                m = pattern.search(said)
                if m is not None and not axes & _SERVED.get(kind, set()):
                    found.setdefault(kind, " ".join(m.group().split()))
            place = self._place(said, schemes)
            if place:
                found.setdefault("place", place)
        return "; ".join(f"{kind}: {text}" for kind, text in sorted(found.items()))

    def _place(self, said: str, schemes: set[str]) -> str:
        if _EVERYWHERE.search(said):  # "from the Mainland and overseas" is from everywhere
            return ""
        for m in self._people.finditer(said):
            code = self._codes[next(g for g in m.groups() if g is not None)]
            if code != _MAINLAND or not schemes & _OF_MAINLAND:
                return code
        return ""


def governing_words(caption: str, leads: Sequence[str], heads: Iterable[str], notes: Iterable[str]) -> list[str]:
    """The words that govern whom a table covers: its caption, the last sentence of the nearest paragraph that says
    anything, its heads, and of its notes those that say "only"."""
    words = [caption]
    for text in leads:
        sentences = [s.strip() for s in _SENTENCE.split(text) if s and s.strip()]
        if sentences and _says(sentences[-1]):
            words.append(sentences[-1])
            break
    words += [" ".join(head.split()) for head in heads]
    only = dict(_KINDS[-1:])["only"]
    words += [note for note in notes if re.search(only, fold(note))]
    return [w for w in words if w]


def _says(sentence: str) -> bool:
    return len(sentence.split()) >= _WORDS or len(_IDEOGRAPH.findall(sentence)) >= _IDEOGRAPHS


def is_complete(axis: dict[int, Axis], name: str, fit: Fit, cards: Cards, words: Iterable[str]) -> bool:
    """Whether a list is all there is, by its own words: it has a row for the rest ("Others"), or every term of its
    vocabulary where that is a closed list, or bands that are open at the end; or the words say "of all"."""
    if name not in fit.card.dimensions:
        return True
    dimension = fit.card.dimensions[name]
    if dimension.vocabulary == "schemes":
        return True
    terms = [a.term for a in axis.values() if a.term is not None]
    if any(t.residual for t in terms) or any(_ALL.search(fold(w)) for w in words):
        return True
    if any(a.unknown and _rest(a.label) for a in axis.values()):
        return True
    lists = dimension.classifications or ("",)
    codes = {t.code for t in terms}
    return any({t.code for t in cards.vocabularies[dimension.vocabulary].members(listed)} <= codes for listed in lists)


def _rest(label: str) -> bool:
    folded = fold(label)
    return folded.startswith(("other", "其他", "其它", "其餘", "其余")) or folded.endswith("others")
