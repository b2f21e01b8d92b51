"""The closed vocabulary of sentences about applications, in English and Chinese: patterns, and nothing that reads them.

What belongs here: words and what they mean.  What does not: numbers, periods, names of schemes.  The texts matched are
in the form of `periods.plain` (lower case, half width), with the simplified characters of these words written as
traditional ones (`SIMPLIFIED`).  A word that may narrow what is counted must not stand among the fillers.
"""

from __future__ import annotations

import re

#: Simplified characters of the words below, one for one, so that places in a text stay.
SIMPLIFIED = str.maketrans(
    "计划获处务总统个请证签发达约为额国区来输优秀专业师际应岁过于数资项据经并与间从现该获审撤销绝拟办内当拨",
    "計劃獲處務總統個請證簽發達約為額國區來輸優秀專業師際應歲過於數資項據經並與間從現該獲審撤銷絕擬辦內當撥",
)

_APPLICATIONS = r"(?:applications?|cases?)"
_COME = r"(?: to (?:come to|enter|stay in|work in) hong kong)?"
_PLACES = r"(?:countries|places)(?: (?:and|or) (?:regions|territories|places)| ?/ ?(?:regions|territories))?"

#: (kind, value, patterns); the first pattern that matches counts, so that the longer words stand first.
VOCABULARY: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("respectively", "", (r"respectively", r"分別", r"分别")),
    (
        "subset",
        "",
        (
            r"(?:out )?of (?:the|all|these|those) (?:applications|applicants|cases)(?: received)?(?=,)",
            r"(?:out )?of (?:which|these|them|whom|those)",
            r"among (?:which|these|them|those)",
            r"其中",
            r"當中",
        ),
    ),
    ("break", "", (r"[,;:，、；：]", r"while", r"whereas", r"而")),
    # dependants and extensions are counted apart, whatever else is said of them
    (
        "noun",
        "dependants",
        (
            rf"{_APPLICATIONS} (?:from|by|of|for|made by|in respect of) (?:their |accompanying )?dependants?",
            rf"(?:accompanying )?dependant(?:s'?|'s)?(?: visas?)?(?: {_APPLICATIONS})?",
            r"受養人(?:簽證)?的?(?:申請)?",
            r"受养人(?:簽證)?的?(?:申請)?",
        ),
    ),
    (
        "noun",
        "extensions",
        (
            rf"{_APPLICATIONS} for extension of (?:stay|limit of stay)",
            rf"extension of stay {_APPLICATIONS}",
            r"延長逗留期限的?申請",
            r"延长逗留期限的?申請",
        ),
    ),
    ("noun", "quotas", (r"quotas?", r"名額", r"配額")),
    (
        "noun",
        "visas",
        (r"visas?(?:/| or | and )entry permits?", r"(?:entry )?visas?", r"entry permits?", r"簽證(?:/進入許可)?"),
    ),
    ("noun", "applications", (_APPLICATIONS, r"申請(?!人)(?:個案)?", r"個案")),
    (
        "noun",
        "persons",
        (
            r"applicants",
            r"talents",
            r"(?:non-local )?graduates",
            r"persons",
            r"people",
            r"individuals",
            r"申請人",
            r"人才",
            r"人士",
        ),
    ),
    # approval in principle before approval, refusal before approval: the longer words say another thing
    (
        "verb",
        "approved_in_principle",
        (
            r"(?:granted |given )?approvals?[- ]in[- ]principle",
            r"approved in principle",
            r"獲?得?原則上獲?得?(?:批准|批)",
            r"獲?得?原则上獲?得?(?:批准|批)",
        ),
    ),
    (
        "verb",
        "approved",
        (
            rf"(?:made the required investment and (?:were |been )?)?(?:granted|given) (?:formal )?approval{_COME}",
            r"successful(?= applica)",
            r"formally approved",
            rf"(?:successfully )?approved{_COME}",
            r"(?:正式)?獲得?(?:入境處|當局)?(?:正式)?(?:批准|批核|批)(?:來港)?",
            r"(?:正式)?(?:批准|批出|批核)了?",
            r"獲准(?:來港)?",
            r"申請成功",
            r"成功獲批准?",
        ),
    ),
    (
        "verb",
        "net_assets",
        (
            r"(?:verified as (?:having )?)?(?:fulfilled|fulfilling|met|meeting) the net assets? requirements?",
            r"(?:通過|符合)(?:了)?淨資產(?:審查|要求|規定|審核)",
        ),
    ),
    (
        "verb",
        "investments",
        (
            r"(?:verified as (?:having )?)?(?:fulfilled|fulfilling|met|meeting) the investment requirements?",
            r"(?:通過|符合|完成)(?:了)?投資(?:審查|要求|規定)",
        ),
    ),
    (
        "verb",
        "refused",
        (r"refused", r"rejected", r"turned down", r"[被遭]?拒絕", r"[被遭]拒", r"[不未]獲批准", r"不批准"),
    ),
    (
        "verb",
        "withdrawn",
        (
            r"withdrawn or (?:no longer pursued|not pursued|not further processed)",
            r"withdrawn or no further action (?:could be|was) taken",
            r"withdrawn",
            r"[被已]?撤[回銷](?:或無法跟進(?:處理)?|或未能進一步處理)?",
        ),
    ),
    (
        "verb",
        "pending",
        (
            r"(?:still )?(?:being processed|under processing|pending(?: approval| processing)?|in progress)",
            r"[仍尚]?正在?(?:處理|審批)(?:中|當中)?",
            r"[仍尚]?(?:正在|在|正)?(?:處理中|處理當中|審批中|有待處理|尚待審批|待批)",
        ),
    ),
    (
        "verb",
        "allotted",
        (
            r"granted(?: with)?(?: a)?(?= quotas?)",
            r"allotted to them",
            r"(?:allotted|allocated)(?: with)?",
            r"獲?得?(?:分配|配發|配发|編配)了?",
        ),
    ),
    ("verb", "issued", (r"issued(?: with)?", r"簽發")),
    (
        "verb",
        "arrived",
        (
            r"arrived(?: in (?:hong kong|the city))?",
            r"(?:come|came) to hong kong",
            r"已?(?:抵港|抵達香港|抵达香港|到港|抵埗)",
        ),
    ),
    (
        "verb",
        "received",
        (
            r"received",
            r"attracted",
            r"lodged",
            r"submitted",
            r"come in",
            r"came in",
            r"(?:接獲|收到|接到|收獲|接收)了?",
        ),
    ),
    # whole phrases that narrow nothing
    (
        "filler",
        "",
        (
            r"(?:the )?(?:immigration department|immd|invest hong kong|investhk|labour department|government)(?:'s)?",
            rf"from (?:nearly |about |over |some |more than |around |close to |almost )?\d+ {_PLACES}",
            r"來自[近約逾]?(?:超過)?\d+個國家[/和及或]地區的",
            r"the department",
            r"(?:amount(?:ed|ing|s)|came) to",
            r"in (?:all|total)",
            r"(?:in|during|over) (?:the same|that) (?:period|year)",
            r"among(?= the \d)",
            r"as for",
            r"as regards",
            r"in (?:addition|respect of)(?=,| the | [a-z]*(?:tas|ps|ng|mp|as)\b)",
            r"with regard to",
            r"有關(?=申請)",
            r"同[期年]",
            r"方面",
            r"來港(?:定居|工作|就業|發展)?",
            r"至於",
            r"為例",
            r"以(?=\d{4}年為例)",
        ),
    ),
)

#: What stands for a scheme that was named before.
ANAPHORS = (
    r"(?:the|this|that) (?:scheme|arrangements?|policy|programme)(?![a-z])",
    r"[該本此](?:項|个|個)?(?:計劃|安排|政策)",
    r"有關計劃",
    r"(?<![\u4e00-\u9fff])計劃",
)

FILLERS_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "a an the had has have having been was were are is be it its in under through via by for of on at with total "
        "totalling totalled amounted amounts reached reaching stood stands number numbers and also already there that "
        "altogether further another statistics figures information records data according provided from meanwhile "
        "cumulatively accumulated cumulative numbered regarding concerning separately besides moreover "
        "furthermore overall",
    )
)

FILLERS_CHINESE = (
    *("入境事務處", "入境處", "投資推廣署", "政府", "當局", "根據", "透過", "通過", "經由", "經", "循", "按"),
    *("合共", "總共", "一共", "累計", "共有", "共", "已經", "已", "並", "及", "和", "亦", "了", "的", "之", "下"),
    *("在", "於", "有", "為", "達到", "達", "則", "数目", "數目", "數字", "總數", "宗數", "人數", "另有", "另"),
    *("還有", "提出", "期間", "向"),
)  # fmt: skip
