"""What each block of an official document is: its frame (GB/T 9704-2012, 7.2–7.4) or its text.

The frame is what stands around the text: letterhead, title, document number, addressee,
attachments, signature, date, notes of printing, and where an annex begins. Nothing here fails: a
block that is nothing special is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kb import numerals
from kb.blocks import Block

Role = Literal[
    "metadata",
    "letterhead",
    "title",
    "number",
    "enactment",
    "contents",
    "addressee",
    "text",
    "attachments",
    "attachment",
    "signature",
    "date",
    "contact",
    "note",
    "rule",
    "annex",
    "annex-title",
]


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its role; `number` numbers an annex or an attachment.

    `inferred` says why a role was given to a block that does not carry its own sign.
    """

    block: Block
    role: Role
    number: int | None = None
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A role recorded by a person for the block at an offset (a stand-off repair)."""

    role: Role
    number: int | None = None
    reason: str = ""


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
_DIGIT = "[0-9０-９]"
_DATE = (
    rf"(?:{_DIGIT}{{4}}|[{numerals.DIGITS}{numerals.ZEROES}]{{4}})\s*年\s*"
    rf"(?:{_DIGIT}{{1,2}}|[{numerals.HAN}]{{1,3}})\s*月\s*(?:{_DIGIT}{{1,2}}|[{numerals.HAN}]{{1,3}})\s*日"
)
_IS_DATE = re.compile(rf"{_DATE}$")
_ENACTMENT = re.compile(rf"[（(][^（）()]*{_DATE}.*[）)]$", re.DOTALL)
_NUMBER = re.compile(
    r"(?:[^\s。，；：]{1,20}?\s*[〔\[［﹝【（(]\s*[12１２][0-9０-９]{3}\s*[〕\]］﹞】）)]\s*(?:第\s*)?[0-9０-９]+\s*号"
    rf"|(?:[^\s。，；：]{{0,20}}令?\s*)第\s*(?:{_DIGIT}+|[{numerals.HAN}]+)\s*号)$"
)
_METADATA = re.compile(
    r"(?:索\s*引\s*号|信息索引|分\s*类|主题分类|发文机关|发文单位|发布机构|制发机关|公开主体|成文日期|生成日期|发文日期|标\s*题|"
    r"名\s*称|信息名称|发文字号|文\s*号|发布日期|公开日期|公开方式|有\s*效\s*性|时\s*效\s*性|主\s*题\s*词|体裁分类|"
    r"效力状态|施行日期|公布日期|来\s*源)\s*[:：]"
)
_CONTENTS = re.compile(r"目\s*[录次]$")
_ANNEX = re.compile(
    rf"附\s*(?:件|录|表)?\s*(?P<number>{_DIGIT}{{1,2}}|[{numerals.HAN}]{{1,3}})?\s*(?P<sign>[：:.、]?)\s*(?P<rest>.*)$",
    re.DOTALL,
)
_CONTACT = re.compile(r"[（(]?\s*联\s*系\s*(?:人|单位|电话|方式)\s*[：:]")
_NOTE = re.compile(
    r"(?:信息公开(?:选项|形式|属性|方式|类别)|抄\s*送|抄\s*报|主\s*题\s*词|公开(?:方式|属性|形式))\s*[：:]"
    r"|[（(]此件.*[）)]$"
    rf"|[（(].*{_DATE}.*(?:刊发|刊登|印发|公布|发布)[）)]$"
    rf"|.*{_DATE}\s*印发?$"
)
_QUALIFIER = re.compile(r"[（(](?:[^（）()]*稿|草案|试行|暂行|样本|样表|式样|样式|参考)[）)]$")
_RULE = re.compile(r"(?:[-—_*=─]\s*){3,}$")
_STOPS: Final = "。；！？，、;!?,"
_LEADS = re.compile(
    r"(?:如下|以下|下列|下面|下述|为|是|包括|事项|要求|通知|原则|内容|情况|意见|规定)\s*[：:]$"
)
_CLOSING = re.compile(
    r"各|以上|本(?:意见|办法|通知|方案|规定|细则|规划)|此复|特此|专此|请|再次感谢|感谢|妥否|望|执行(?:中|过程)"
)


def read(blocks: Sequence[Block], given: Mapping[int, Given]) -> tuple[Piece, ...]:
    """The role of each block. `given` holds recorded roles by an offset inside their block."""
    pieces: list[Piece] = []
    state = _State()
    for at, block in enumerate(blocks):
        said = next((g for o, g in given.items() if block.start <= o < block.end), None)
        piece = (
            Piece(block, said.role, said.number, said.reason) if said else _role(blocks, at, state)
        )
        state.note(piece)
        pieces.append(piece)
    return tuple(pieces)


def is_closing(bare: str) -> bool:
    """Whether an unnumbered paragraph at the end of a text speaks for the whole of it."""
    return _CLOSING.match(bare) is not None


def is_complete_title(bare: str) -> bool:
    """Whether a line ends like a title: with a word for a kind of document."""
    return _TITLE_END.search(bare) is not None


class _State:
    """Where in the document the reading is."""

    def __init__(self) -> None:
        self.zone: Literal["head", "text", "tail", "annex-head", "annex"] = "head"
        self.titled = False
        self.addressed = False
        self.in_list = False
        self.in_contents = False
        self.contents: set[str] = set()
        self.listed: dict[str, int | None] = {}
        self.annexes: set[int | None] = set()

    def note(self, piece: Piece) -> None:
        """Go on past a piece."""
        role, bare = piece.role, piece.block.bare
        self.in_list = role in ("attachments", "attachment")
        if role in ("attachments", "attachment"):
            title = _squeeze(_entry(bare))
            if title:
                self.listed[title] = piece.number
        if role == "annex":
            self.zone, self.titled = "annex-head", is_complete_title(bare)
            self.annexes.add(piece.number)
        elif role == "annex-title" or role == "title":
            self.titled = self.titled or is_complete_title(bare)
        elif role == "addressee":
            self.zone, self.addressed = "text", True
        elif role == "text":
            self.zone = "text" if self.zone in ("head", "text", "tail") else "annex"
        elif role in ("signature", "date") and self.zone == "text":
            self.zone = "tail"


def _role(blocks: Sequence[Block], at: int, state: _State) -> Piece:
    block = blocks[at]
    bare = block.bare
    if _RULE.match(bare):
        return Piece(block, "rule")
    if state.zone == "head" and (piece := _head(blocks, at, state)):
        return piece
    if state.zone == "annex-head" and (piece := _annex_head(block, state)):
        return piece
    if piece := _attachment(blocks, at, state):
        return piece
    if piece := _tail(blocks, at, state):
        return piece
    if state.zone in ("tail", "annex") and (piece := _unlabelled_annex(blocks, at, state)):
        return piece
    return Piece(block, "text")


def _head(blocks: Sequence[Block], at: int, state: _State) -> Piece | None:
    block = blocks[at]
    bare = block.bare
    if state.in_contents or _CONTENTS.match(bare):
        return _contents(block, state)
    if _METADATA.match(bare) and not state.titled:
        return Piece(block, "metadata")
    if _NUMBER.match(bare):
        return Piece(block, "number")
    if _QUALIFIER.match(bare):
        return Piece(block, "title")
    if _ENACTMENT.match(bare):
        return Piece(block, "enactment")
    if _IS_DATE.match(bare):
        return Piece(block, "date")
    if _is_addressee(block):
        return Piece(block, "addressee")
    if not _title_like(block):
        return None
    if _ORGAN_END.search(bare) and not is_complete_title(bare) and len(bare) <= 30:
        return Piece(block, "letterhead")
    if state.titled:
        return None
    return Piece(block, "title")


def _annex_head(block: Block, state: _State) -> Piece | None:
    if state.in_contents or _CONTENTS.match(block.bare):
        return _contents(block, state)
    if _ENACTMENT.match(block.bare):
        return Piece(block, "enactment")
    if _QUALIFIER.match(block.bare) or (not state.titled and _title_like(block)):
        return Piece(block, "annex-title")
    return None


def _contents(block: Block, state: _State) -> Piece | None:
    """A table of contents lasts until its first entry comes again, as the heading itself."""
    entry = block.mark is not None and block.mark.style in (
        "part",
        "subpart",
        "chapter",
        "division",
    )
    bare = _squeeze(block.bare)
    if not state.in_contents:
        state.in_contents = True
        return Piece(block, "contents")
    if bare in state.contents or not (entry or (len(bare) <= 12 and not set(_STOPS) & set(bare))):
        state.in_contents, state.contents = False, set()
        return None
    state.contents.add(bare)
    return Piece(block, "contents")


def _attachment(blocks: Sequence[Block], at: int, state: _State) -> Piece | None:
    block = blocks[at]
    if state.in_list and block.mark and block.mark.style == "item":
        return Piece(block, "attachment", block.mark.number)
    found = _ANNEX.match(block.bare)
    if not found or not block.bare.startswith("附"):
        return None
    number = numerals.read(found["number"]) if found["number"] else None
    rest, labelled = found["rest"], bool(re.match(r"附\s*[件录表]", block.bare))
    if not rest and labelled:
        # 附件： alone heads a list that follows, 附件 alone heads the annex itself.
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if found["sign"] and after and after.mark and after.mark.style == "item":
            return Piece(block, "attachments")
        return Piece(block, "annex", number)
    if not rest or not (found["sign"] or (labelled and number and rest[0] not in "的中所")):
        return None
    if _SENTENCE.search(rest):
        return None
    if state.zone == "text" and not (number and state.listed and not state.in_list):
        entry = (
            numerals.read(m[1]) if (m := re.match(r"([0-9０-９]{1,2})\s*[.．、]", rest)) else number
        )
        return Piece(block, "attachment" if state.in_list else "attachments", entry)
    return Piece(block, "annex", number) if labelled else None


_SENTENCE = re.compile(r"[。；].")


def _tail(blocks: Sequence[Block], at: int, state: _State) -> Piece | None:
    block = blocks[at]
    bare = block.bare
    if block.mark:
        return None
    if _NOTE.match(bare):
        return Piece(block, "note")
    if _CONTACT.match(bare):
        return Piece(block, "contact")
    if _IS_DATE.match(bare):
        return Piece(block, "date")
    if not _organ(block):
        return None
    ahead = at + 1
    while ahead < len(blocks) and _organ(blocks[ahead]):
        ahead += 1
    if ahead == len(blocks) or _IS_DATE.match(blocks[ahead].bare):
        return Piece(block, "signature")
    if _NOTE.match(blocks[ahead].bare) and not _NOTE.match(bare):
        return Piece(block, "note")
    if re.match(r"附\s*件", blocks[ahead].bare) or _RULE.match(blocks[ahead].bare):
        return Piece(block, "signature")
    return None


def _unlabelled_annex(blocks: Sequence[Block], at: int, state: _State) -> Piece | None:
    """An annex whose label is missing: its title is one listed, or comes first after the date."""
    block = blocks[at]
    title = _squeeze(block.bare)
    if title in state.listed and block.mark is None:
        number = state.listed[title]
        return Piece(block, "annex", number, "its title stands in the list of attachments")
    if state.zone == "tail" and at + 1 < len(blocks) and _title_like(block):
        number = next((n for n in state.listed.values() if n not in state.annexes), None)
        return Piece(block, "annex", number, "a title stands after the signature and date")
    return None


def _is_addressee(block: Block) -> bool:
    bare = block.bare
    return (
        block.mark is None
        and bare[-1] in "：:"
        and not set("。；！？;") & set(bare)
        and len(bare) <= 200
        and not _LEADS.search(bare)
    )


def _title_like(block: Block) -> bool:
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


def _organ(block: Block) -> bool:
    bare = block.bare
    return (
        block.mark is None
        and len(bare) <= 40
        and not set(_STOPS + "：:|") & set(bare)
        and _ORGAN_END.search(bare) is not None
        and not is_complete_title(bare)
    )


def _entry(bare: str) -> str:
    """The title in one line of a list of attachments."""
    return re.sub(
        r"^(?:附\s*[件录表]?\s*[0-9０-９]*\s*[：:]\s*)?(?:[0-9０-９]{1,2}\s*[.．、]\s*)?", "", bare
    )


def _squeeze(text: str) -> str:
    return "".join(text.split())
