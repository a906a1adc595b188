"""How surveys say things, in English, Chinese and Korean: data that the codebook's draft goes by.

Everything here is in the plain form of `codebook.plain`: lower case, half width. Traditional
characters are read as simplified ones (`simplified`).
"""

import re

from cxlib.client.codebook import plain

TRADITIONAL = str.maketrans(
    "滿願會無現種價質務員應該實際體驗議說樣須買處從來過經當態薦總問題齡歲職業學歷區頻預歡討厭強謂覺評綜",
    "满愿会无现种价质务员应该实际体验议说样须买处从来过经当态荐总问题龄岁职业学历区频预欢讨厌强谓觉评综",
)


def simplified(text) -> str:
    """A text in plain form, without a full stop, its Chinese in simplified characters."""
    return plain(text).translate(TRADITIONAL).strip(" .。!！?？")


def pattern(*words: str) -> re.Pattern:
    return re.compile("|".join(words))


# What a question measures, by its words. The first that fits is taken, so the narrow ones lead.
MEASURE_WORDS = {
    "recommend": pattern(r"recommend", r"\bnps\b", r"推荐", r"추천"),
    "repurchase": pattern(
        r"(buy|use|come|visit|stay|shop|order|book|fly)\b.{0,30}\bagain", r"repurchase|renew",
        r"continue (to use|using)|keep using", r"再次|再购|复购|回购|继续使用|继续购买|下次还",
        r"재구매|재이용|재방문|계속 ?(이용|사용)|계속해서|다시 (이용|방문|구매)",
    ),
    "complained": pattern(r"\bcomplain", r"投诉", r"불만을? ?(제기|신고)|항의"),
    "problem": pattern(
        r"\bproblems?\b|\btrouble\b|went wrong", r"遇到.{0,8}(问题|困难|麻烦)", r"문제|불편"
    ),
    "switching_cost": pattern(
        r"\bswitch(ing)?\b|hard to leave", r"转换成本|更换.{0,10}(麻烦|成本|困难)", r"전환 ?비용"
    ),
    "success": pattern(r"business value|reached (its|our|your) goals?", r"达到.{0,6}目标", r"목표"),
    "overall": pattern(
        r"overall|as a whole|all in all|on the whole", r"总体|整体|综合", r"전체적|전반적|종합적",
        r"(^|_)(all|total)$",
    ),
    "importance": pattern(r"importan", r"重要", r"중요"),
    "expectation": pattern(
        r"expect", r"\bshould (be|have)\b", r"期望|预期|期待", r"기대|(해|어|아|여)야 ?(한다|함)"
    ),
    "satisfaction": pattern(r"satisf", r"满意", r"만족"),
    "experience": pattern(
        r"experienc|perceiv|perception|actual", r"体验|感知|实际", r"인지|지각|체감|실제|경험"
    ),
}  # fmt: skip
REASON_WORDS = pattern(r"\bwhy\b|\breasons?\b|motive", r"原因|为什么|理由|动机", r"동기|이유|왜")

# What a grouping column is called, by its words.
GROUP_WORDS = {
    "gender": pattern(r"\b(gender|sex)\b", r"性别", r"성별"),
    "age": pattern(r"\bage\b|how old", r"年龄|年纪|岁", r"나이|연령"),
    "income": pattern(r"\bincome\b|salary", r"收入|月薪", r"소득|수입"),
    "education": pattern(r"education|degree", r"学历|教育程度", r"학력|최종 ?학교"),
    "occupation": pattern(r"occupation|profession|\bjob\b", r"职业|工作性质", r"직업"),
    "region": pattern(
        r"\b(region|city|country|state|province)\b", r"地区|城市|省份|居住", r"지역|거주"
    ),
    "frequency": pattern(
        r"how often|how many times|frequency|times_", r"频率|多久.{0,4}一次|多少次", r"얼마나 자주|빈도"
    ),
    "tenure": pattern(r"how long|tenure|customer since", r"多长时间|多少年", r"얼마나 오래|기간"),
    "purpose": pattern(r"\bpurpose\b", r"目的", r"목적"),
    "segment": pattern(r"segment|customer.?type|\bplan\b", r"客户类型|用户类型|会员", r"고객 ?유형|회원"),
    "role": pattern(r"\brole\b|job title", r"职位|角色|岗位", r"직책|역할"),
}  # fmt: skip
# Columns that client.yml names under `survey`, by their headers.
PERSON_WORDS = {
    "weight": pattern(r"^(weight|wt|wgt|weights)$", r"^权重$", r"^가중치$"),
    "respondent": pattern(
        r"^(id|respondent|respondent_?id|caseid|case_?id|user_?id|编号|样本编号|응답자)$"
    ),
    "wave": pattern(r"^(wave|survey_?year|round|期次|波次|차수)$"),
    "collected_by": pattern(r"^(administered|collected_?by|interviewer|mode)$", r"访员"),
    "cluster": pattern(
        r"^(account|customer|company|store|branch|shop|outlet|site|depot|flight|interviewer)(_?(id|no|code|number|name))?$",
        r"^(客户|公司|门店|网点|店铺|分店|航班|访员)(编号|代码|名称|号)?$",
        r"^(매장|지점|점포|항공편|면접원|고객사)(번호|코드|명)?$",
    ),
}

# The five answers to a Kano question: 1 like, 2 must be, 3 neutral, 4 can live with, 5 dislike.
KANO_ANSWERS = {
    1: pattern(r"\blike it\b|^i like|^like$|delighted|enjoy", r"^(我?(很|非常)?)?喜欢|满意", r"^(매우 )?마음에 (든다|듭니다|들어요)$|^좋다|^좋아"),
    2: pattern(r"must be|must have|expect it|^must|basic", r"必须|理所当然|理应|应该", r"당연"),
    3: pattern(r"neutral|don't care|do not care|indifferent", r"无所谓|没感觉|没有感觉|中立", r"아무런? ?(느낌|생각)|상관 ?없|무관심"),
    4: pattern(r"live with|tolerat|accept it", r"忍受|能接受|勉强|可以接受|凑合", r"하는 ?수 ?없|어쩔 ?수 ?없|참을"),
    5: pattern(r"dislike|do(n't| not) like|hate", r"不喜欢|讨厌|不满意", r"마음에 ?(안|들지) ?|싫"),
}  # fmt: skip
KANO_FIRST = (5, 4, 3, 2, 1)  # 'I dislike it' holds 'like it', so the last is looked for first
KANO_WORDS = pattern(
    r"how (would|do) you feel",
    r"(如果|若|假如).*(感觉|感受|觉得|看法|评价)",
    r"(만약|만일).*(느낌|기분|생각)",
)

# Words of a scale, lowest first; `/` between words for the same step.
SCALES = [
    [set(step.split("/")) for step in scale.split(";")]
    for scale in (
        "strongly disagree/completely disagree/totally disagree;disagree/somewhat disagree;"
        "neither agree nor disagree/neutral/undecided;agree/somewhat agree;"
        "strongly agree/completely agree/totally agree",
        "very dissatisfied/very unsatisfied/extremely dissatisfied;"
        "dissatisfied/unsatisfied/somewhat dissatisfied;"
        "neither satisfied nor dissatisfied/neutral/neither;satisfied/somewhat satisfied;"
        "very satisfied/extremely satisfied",
        "not at all important/not important at all/very unimportant;"
        "slightly important/unimportant/not important/not so important;"
        "moderately important/somewhat important/neutral;important/very important;"
        "extremely important",
        "very poor/very bad/terrible;poor/bad;fair/average/ok/okay;good;very good/excellent",
        "very unlikely/definitely not/extremely unlikely;unlikely/probably not;"
        "neutral/neither likely nor unlikely/not sure;likely/probably;"
        "very likely/definitely/extremely likely",
        "much worse than expected;worse than expected;as expected;better than expected;"
        "much better than expected",
        "非常不满意/很不满意/完全不满意;不满意/比较不满意/不太满意;一般/中立/普通;满意/比较满意;"
        "非常满意/很满意/十分满意",
        "非常不同意/完全不同意/很不同意;不同意/比较不同意/不太同意;一般/中立/不确定/不好说;"
        "同意/比较同意;非常同意/完全同意/很同意",
        "非常不重要/很不重要/完全不重要;不重要/比较不重要/不太重要;一般/中立;重要/比较重要;"
        "非常重要/很重要/十分重要",
        "非常不符合/完全不符合;不符合/比较不符合;一般/不确定;符合/比较符合;非常符合/完全符合",
        "非常差/很差;差/较差/比较差;一般;好/较好/比较好;非常好/很好",
        "一定不会/肯定不会/非常不愿意;不会/可能不会/不愿意;不确定/一般;会/可能会/愿意;"
        "一定会/肯定会/非常愿意",
        "매우 불만족/매우 불만족한다/매우 불만족스럽다;불만족/불만족한다/불만족스럽다;"
        "보통/보통이다;만족/만족한다/만족스럽다;매우 만족/매우 만족한다/매우 만족스럽다",
        "전혀 그렇지 않다/매우 그렇지 않다;그렇지 않다/별로 그렇지 않다;보통/보통이다;그렇다;"
        "매우 그렇다/정말 그렇다",
        "전혀 중요하지 않다/전혀 중요하지 않음;중요하지 않다/중요하지 않음;보통/보통이다;"
        "중요하다/중요함;매우 중요하다/매우 중요함",
    )
]
NO_ANSWER = pattern(
    r"^(don'?t know|do not know|dk|not applicable|n/?a|not sure|no (answer|opinion)|refused)\b",
    r"prefer not to|can'?t say|^blank|never used|have not used|did not use",
    r"^(不知道|不清楚|不适用|拒绝回答|拒答|不便透露|没用过|从未使用|未使用|不了解)",
    r"^(모름|모르겠|해당 ?없음|해당 ?사항|무응답|응답 ?거부)|사용한 적 ?없|이용한 적 ?없",
)
NO_ANSWER_NUMBERS = {
    -1,
    -2,
    -3,
    -7,
    -8,
    -9,
    -77,
    -88,
    -97,
    -98,
    -99,
    -999,
    66,
    77,
    88,
    96,
    97,
    98,
    99,
}
NO_ANSWER_NUMBERS |= {996, 997, 998, 999, 9996, 9997, 9998, 9999}
