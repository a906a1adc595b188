"""What would say whose words they are is masked, in several languages; the rest stays."""

import pandas as pd
import pytest

from cxlib.client.masked import MASK, masked

COMMON = ["the bread was good and the queue was long"] * 12 + ["Die Wartezeit war lang"] * 12


def one(text: str, names=()) -> str:
    """A text as it is told among others in which ordinary words are used."""
    return masked(pd.Series([text, *COMMON]), names)[0]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("the queue was long, write to joe.bloggs@example.org", "the queue was long, write to …"),
        ("see www.example.org/me and https://x.example/a?b=1", "see … and …"),
        ("the bread cost 4.50 and i rang 0171-555 0199", "the bread cost … and i rang …"),
        ("order A-1234/b was late", "order … was late"),
        ("the bread in Berlin was good, in London and South Korea too",
         "the bread in … was good, in … and … too"),
        ("the queue with Zebulon Smithers was long", "the queue with … was long"),
        ("Die Wartezeit bei Frau Müller-Lüdenscheidt war lang", "Die Wartezeit bei … war lang"),
        ("die Wartezeit in Köln war lang", "die Wartezeit in … war lang"),
        ("李经理在北京市朝阳区的店里态度很差", "…在…的店里态度很差"),
        ("王小姐说要等三天，电话是13812345678", "…说要等三天，电话是…"),
        ("超市的价格贵，城市里都一样", "超市的价格贵，城市里都一样"),
        ("田中さんの対応が悪い", "…の対応が悪い"),
        ("大阪の店で待たされた", "…の店で待たされた"),
        ("担当の佐藤は無愛想でした", "担当の…は無愛想でした"),
        ("山田太郎と申します", "…と申します"),
        ("メールは taro＠example.jp まで", "メールは … まで"),
        ("我是王小明，微信号 abc_wx99", "我是…，微信号 …"),
        ("老板姓赵，叫赵铁柱", "老板姓…，叫…"),
        ("店員歐陽娜娜人很好", "店員…人很好"),
        ("司機阿明人很好", "司機…很好"),  # rather a sign too many
        ("一三八零零一三八零零零打给我", "…打给我"),
        ("中山路十二號的早餐", "…十二號的早餐"),
        ("我是会员，早餐是高级的", "我是会员，早餐是高级的"),
        ("el señor garcía me cobró de más", "el señor … me cobró de más"),
        ("correo: pepe arroba gmail.es", "correo: …"),
        ("mail: k.h(at)firma.de", "mail: …"),
        ("客服张伟态度差", "客服…度差"),  # rather a sign too many
        ("小李服务很好，老王也好", "…服务很好，…也好"),
        ("客服马上回复，金额小于十元，小龙虾好吃", "客服马上回复，金额小于十元，小龙虾好吃"),
        ("Mein Name ist hans müller und die Wartezeit war lang",
         "… ist … und die Wartezeit war lang"),  # "Mein Name" is what nobody else says
        ("my name is john smith, the queue was long", "my name is …, the queue was long"),
        ("die wartezeit in münchen war lang, in heathrow too",
         "die wartezeit in … war lang, in … too"),
        ("the china was good, and the jersey; the queue on the island was long",
         "the china was good, and the jersey; the queue on the island was long"),
    ],
)  # fmt: skip
def test_addresses_numbers_names_and_places_are_masked(said, told):
    assert one(said) == told


def test_a_customer_is_masked_by_the_name_that_the_tables_hold():
    assert (
        one("the bread from acme bakery was good", {"Acme Bakery"}) == "the bread from … was good"
    )
    assert one("华信科技的客服很慢", {"华信科技"}) == "…的客服很慢"


def test_a_name_that_enough_people_use_is_a_word():
    # Ten people name the app, as `least` asks; nine are too few.
    assert MASK not in "".join(masked(pd.Series(["the Zephyr crashed"] * 10), least=10))
    assert set(masked(pd.Series(["the Zephyr crashed"] * 9), least=10)) == {"the … crashed"}


def test_what_was_not_said_stays_blank_and_its_place():
    found = masked(pd.Series([None, "call 555"], index=[7, 3], dtype=object))
    assert found.index.tolist() == [7, 3] and found.isna().tolist() == [True, False]
