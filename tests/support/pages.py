"""Page skeletons of the press release site, for facsimiles and generated documents.

What belongs here: the structure of each template (where the headline, the body, the closing line and the language
links stand), the mark-up habits of its tables.  It must hold no figure and no sentence of any release.

Template C (2016 on): the headline stands outside `#pressrelease`, tables are real and wrapped in an overflow div,
line ends are CRLF inside the body and LF outside, and a script holds the text `<table>`, which is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

NBSP = "\u00a0"

_LINKS = {
    "en": ("hdrTCLnk", "lang_tc.png", "Traditional Chinese"),
    "zh-Hant": ("hdrEngLnk", "lang_en.png", "English"),
}


def template_c(
    *, title: str, body: str, closing: Sequence[str], language: str = "en", twin: str = "", remark: str = ""
) -> str:
    """A page of template C.  `body` is mark-up; `closing` the lines of the closing ("Ends/…", "Issued at …").

    `twin` is the address of the other language version, or "" where there is none.
    """
    link_id, image, said = _LINKS[language]
    link = f'<a href="{escape(twin)}"><img src="/gia/images/{image}" class="hdrLnk b0" id="{link_id}" alt="{said}"></a>'
    stars = "*" * max(len(title), 20)
    crlf = body.replace("\r\n", "\n").replace("\n", "\r\n")
    ends = "\n\t\t\t\t<br/>\n\t\t\t\t ".join(closing)
    return f"""<!DOCTYPE html>
<!-- Version Number = 01.01.14.08081 -->
{f"<!-- {remark} -->" if remark else ""}
<html>
<head>
  <meta http-equiv="X-UA-Compatible" content="IE=edge">
  <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
  <title>{escape(title)}</title>
  <link href="/gia/css/public.css?1.0.20170921" rel="stylesheet" type="text/css">
  <script type="text/javascript">
  $(function() {{ $("#rightContent").clone().appendTo(".controlDisplay2"); }});
  </script>
</head>

<body>
  <a id="skiptocontent" href="#contentBody" class="access">Skip</a>
  <div id="header">
    <div class="left responsivegov">
      {link if twin else ""}
    </div>
  </div>
<div id="headerBanner"><div class="wrapper"></div></div>
<div id="contentBody" class="row">
  <div class="colLeft resLeftContent">
    <div class="rel">
      <div class="fontSize1" style="display:none">{escape(title)}</div>
      <div class="fontSize1" id="PRHeadline">
        <span id="PRHeadlineSpan">{escape(title)}</span>
      </div>
      <div id="starBar" class="fontSize1">{stars}</div>
      <div id="starBarSpacing"></div>
    </div>

    <span id="pressrelease" class="fontSize1">
    {crlf}

        <br />
        <div class="controlDisplay2 resRightContent" >

        </div>

        <div>&nbsp;</div>
        <div class="mB15 f15">{ends}
        </div>
        <div style="margin-top:10px;">
        NNNN
        </div>

    </span>
    <div class="btm_btn"><a href="#" class="backTop">Back to top</a></div>
  </div>
  <div class="controlDisplay1 resRightContent">
    <div id="rightContent" class="fontSize1">
    </div>
  </div>
</div>
<div id="footer"></div>
<script language="JavaScript" type="text/javascript">
$(".fancybox").fancybox({{ afterLoad : function() {{
  this.title = '<table><tr><td>' + tmpStr + '</td></tr></table>';
}} }});
</script>
</body>
</html>
"""


def paragraph(text: str) -> str:
    """A paragraph as this template writes it: indented by no-break spaces, ended by breaks."""
    return f"&nbsp; &nbsp; &nbsp;{escape(text)}<br />\n&nbsp;<br />\n"


def table_c(header: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = 560) -> str:
    """A table of template C: no th, thead or caption; the header is the first row, in bold."""

    def cell(text: str, col: int, *, strong: bool = False) -> str:
        inner = escape(text).replace(NBSP, "&nbsp;").replace("\n", "<br />\n")
        align = "" if col == 0 else ' style="text-align: center;"'
        return f"<td{align}>{f'<strong>{inner}</strong>' if strong else inner}</td>"

    lines = [
        "<tr>\n" + "\n".join(cell(text, col, strong=number == 0) for col, text in enumerate(row)) + "\n</tr>"
        for number, row in enumerate([header, *rows])
    ]
    inner = "\n".join(lines)
    table = f'<table border="1" style="width:{width}px">\n<tbody>\n{inner}\n</tbody>\n</table>'
    return f'<div style="overflow-x:auto;">\n{table}\n</div>\n'
