"""Labels as officials cite provisions, in whatever width they are typed."""

from __future__ import annotations

import pytest

from kb.labels import normal
from kb.library import Library, load_library


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("三(五)", "三（五）"),
        ("三 （五）", "三（五）"),
        ("附件１（三）", "附件1（三）"),
        ("一、", "一"),
        ("第三条第(二)项", "第三条第（二）项"),
    ],
)
def test_labels_have_one_spelling(written: str, label: str) -> None:
    assert normal(written) == label


@pytest.mark.parametrize(
    ("key", "label", "eid", "begins"),
    [
        ("jl-jifa-2017-36", "三（五）", "sec_3__sub_5", "各县（市、区）依据社区工作事项清单"),
        ("jl-jifa-2017-36", "引言", "preface", ""),
        ("jl-jifa-2017-36", "结语第一段", "closing__p_1", "各市、县要按照本意见精神"),
        ("jl-jifa-2017-36", "一第一段", "sec_1__p_1", "全面贯彻党的十九大精神"),
        ("jl-jizhengfa-2010-37", "一（三）2", "sec_1__sub_3__item_2", "发挥各级政府的主导作用"),
        ("jl-jiminfa-2019-30", "二第三点", "sec_2__dash_3", "准确把握加快社会体制改革"),
        ("jl-jiminyizi-2020-16", "附件四", "annex__sec_4", "社区居委会是居民自我管理"),
        ("jl-jiminyizi-2020-16", "附件四第二段", "annex__sec_4__p_2", "目前看"),
        ("sd-luminhan-2019-50", "附件1（三）", "annex_1__sub_3", "依据社区工作事项清单"),
        ("sd-luminhan-2019-50", "附件2（十）", "annex_2__sub_10", "“城边村”"),
    ],
)
def test_provisions_of_the_held_texts_have_their_usual_labels(
    library: Library, key: str, label: str, eid: str, begins: str
) -> None:
    instrument = library.instrument(key)
    assert instrument is not None
    provision = instrument.provision(label)
    assert provision is not None
    assert (provision.eid, provision.label) == (eid, label)
    assert provision.text.startswith(begins)
    assert instrument.provision(eid) == provision
    assert provision.iri == f"https://zhunru.example/id/doc/{key}/{eid}"
