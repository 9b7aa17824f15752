"""What a single line of an official document looks like (GB/T 9704-2012, 7.2–7.4).

Each function looks at one block alone; what the block is in its place `kb.frame` decides.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from kb import numerals
from kb.blocks import Block

_KIND_WORDS: Final = (
    "通知|通报|通告|公告|公报|决定|决议|命令|令|意见|办法|规定|条例|细则|规则|章程|准则|制度|方案|规划|计划|"
    "纲要|纲领|要点|批复|答复|回复|复函|函|请示|报告|议案|纪要|解释|法|标准|规范|指南|指引|清单|目录|公约|"
    "说明|选题|情况|表|名单|汇编|协议|合同|总结|建议|要求|措施|试点|讲话"
)
_TITLE_END = re.compile(rf"(?:{_KIND_WORDS})[》〉]?(?:\s*[（(][^（）()]*[）)])*$")
_ORGAN_END = re.compile(
    r"(?:省|市|县|区|州|盟|旗|厅|局|部|委|委员会|政府|办公室|办公厅|院|会|处|科|署|司|中心|社|公司|组|"
    r"街道|乡|镇|村|站|所|室|队|军|行)(?:\s*[（(][^（）()]*[）)])?$"
)
_LETTERHEAD = re.compile(r"(?:省|市|县|区|州|厅|局|部|委|委员会|政府|办公室|办公厅|院|会)文件$")
_D: Final = "[0-9０-９]"
_H: Final = numerals.HAN
_DATE: Final = (
    rf"(?:{_D}{{4}}|[{numerals.DIGITS}{numerals.ZEROES}]{{4}})\s*年\s*"
    rf"(?:{_D}{{1,2}}|[{_H}]{{1,3}})\s*月\s*(?:{_D}{{1,2}}|[{_H}]{{1,3}})\s*日"
)
_IS_DATE = re.compile(rf"{_DATE}$")
_ENACTMENT = re.compile(
    rf"[（(][^（）()]*{_DATE}.*[）)]$"
    rf"|{_DATE}\s*[^。]*(?:通过|批准|公布|发布|颁布|修正|修订|施行)[^。]{{0,20}}$",
    re.DOTALL,
)
_NUMBER = re.compile(
    rf"(?:[^\s。，；：]{{1,20}}?\s*[〔\[［﹝【（(]\s*{_D}{{4}}\s*[〕\]］﹞】）)]\s*(?:第\s*)?{_D}+\s*号"
    rf"|(?:[^\s。，；：]{{0,20}}令?\s*)第\s*(?:{_D}+|[{_H}]+)\s*号)$"
)
_METADATA = re.compile(
    r"(?:索\s*引\s*号|信息索引|分\s*类|主题分类|发文机关|发文单位|发布机构|制发机关|公开主体|成文日期|"
    r"生成日期|发文日期|标\s*题|名\s*称|信息名称|发文字号|文\s*号|发布日期|公开日期|公开方式|有\s*效\s*性|"
    r"时\s*效\s*性|主\s*题\s*词|体裁分类|效力状态|施行日期|公布日期|来\s*源)\s*[:：]"
)
_CONTENTS = re.compile(r"目\s*[录次]$")
_CONTACT = re.compile(r"[（(]?\s*联\s*系\s*(?:人|单位|电话|方式)\s*[：:]")
_NOTE = re.compile(
    r"(?:信息公开(?:选项|形式|属性|方式|类别)|抄\s*送|抄\s*报|主\s*题\s*词|公开(?:方式|属性|形式))\s*[：:]"
    r"|[（(]此件.*[）)]$"
    rf"|[（(].*{_DATE}.*(?:刊发|刊登|印发|公布|发布)[）)]$"
    rf"|.*{_DATE}\s*印发?$"
)
_QUALIFIER = re.compile(r"[（(](?:[^（）()]*稿|草案|试行|暂行|样本|样表|式样|样式|参考)[）)]$")
_RULE = re.compile(r"(?:[-—_*=─]\s*){3,}$|<!--.*-->$")
_STOPS: Final = "。；！？，、;!?,"
# Such a line leads to what follows and addresses nobody.
_LEADS = re.compile(
    r"(?:如下|以下|下列|下面|下述|为|是|包括|事项|要求|通知|原则|内容|情况|意见|规定)\s*[：:]$"
)
_CLOSING = re.compile(
    r"各|以上|本(?:意见|办法|通知|方案|规定|细则|规划)|此复|特此|专此|请|再次感谢|感谢|妥否|望|执行(?:中|过程)"
)


def read_date(text: str) -> date | None:
    """The first day written in a text, in figures or in Chinese (二〇一九年四月三十日)."""
    found = re.search(_DATE, text)
    if not found:
        return None
    year, month, day = re.split(r"\s*[年月日]", found[0])[:3]
    parts = (
        numerals.read(year) or numerals.read_digits(year),
        numerals.read(month.strip()),
        numerals.read(day.strip()),
    )
    try:
        return date(*(part or 0 for part in parts))
    except ValueError:
        return None


def is_date(block: Block) -> bool:
    """A date and nothing else."""
    return _IS_DATE.match(block.bare) is not None


def is_enactment(block: Block) -> bool:
    """（2017年12月8日）or who adopted a law when: what stands in brackets under a title."""
    return _ENACTMENT.match(block.bare) is not None


def is_number(block: Block) -> bool:
    """A document number: 吉民发〔2019〕30号, 第三十七号."""
    return _NUMBER.match(block.bare) is not None


def is_metadata(block: Block) -> bool:
    """A line of the table that a website puts before a document: 索引号：…"""
    return _METADATA.match(block.bare) is not None


def is_contents(block: Block) -> bool:
    """The heading of a table of contents."""
    return _CONTENTS.match(block.bare) is not None


def is_contact(block: Block) -> bool:
    """Whom to call."""
    return _CONTACT.match(block.bare) is not None


def is_note(block: Block) -> bool:
    """A note of printing, publishing or copying."""
    return _NOTE.match(block.bare) is not None


def is_qualifier(block: Block) -> bool:
    """（试行）, （征求意见稿）: the last line of a title."""
    return _QUALIFIER.match(block.bare) is not None


def is_rule(block: Block) -> bool:
    """A drawn line, or a comment that Markdown does not show."""
    return _RULE.match(block.bare) is not None


def is_closing(block: Block) -> bool:
    """An unnumbered paragraph that, at the end of a text, speaks for the whole of it."""
    return _CLOSING.match(block.bare) is not None


def is_letterhead(block: Block) -> bool:
    """The name of an organ (吉林省民政厅) or of its series (…人民政府文件)."""
    organ = _ORGAN_END.search(block.bare) and not ends_title(block.bare)
    return len(block.bare) <= 30 and bool(organ or _LETTERHEAD.search(block.bare))


def is_organ(block: Block) -> bool:
    """One or more organs, as they sign."""
    bare = block.bare
    return (
        block.mark is None
        and len(bare) <= 40
        and not set(_STOPS + "：:|") & set(bare)
        and _ORGAN_END.search(bare) is not None
        and not ends_title(bare)
    )


def is_addressee(block: Block) -> bool:
    """各市民政局：— whom a document is sent to."""
    bare = block.bare
    return (
        block.mark is None
        and bare[-1] in "：:"
        and not set("。；！？;") & set(bare)
        and len(bare) <= 200
        and not _LEADS.search(bare)
    )


def is_title(block: Block) -> bool:
    """A line that may be (part of) a title: short, without a mark and without a stop."""
    bare = block.bare
    return (
        block.mark is None
        and not block.bullet
        and len(bare) <= 90
        and bare[-1] not in _STOPS + "：:"
        and not set("。；！？|") & set(bare)
        and not bare.startswith(("（", "(", "——", "注"))
        and any(c.isalnum() for c in bare)
    )


def is_entry(block: Block) -> bool:
    """A line of a table of contents."""
    headed = block.mark is not None and block.mark.style in (
        "part",
        "subpart",
        "chapter",
        "division",
    )
    return headed or (len(block.bare) <= 12 and not set(_STOPS) & set(block.bare))


def ends_title(bare: str) -> bool:
    """Whether words end like a title: with a word for a kind of document."""
    return _TITLE_END.search(bare) is not None


def squeeze(text: str) -> str:
    """Words without any space, to compare titles by."""
    return "".join(text.split())
