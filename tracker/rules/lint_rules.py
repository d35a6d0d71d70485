"""The rules that campaign files are held to: what each says, what it follows from, how to put it right."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.rules.refusal import N_

NOTICE = "国办函〔2026〕12号"
LAW = "《个人信息保护法》第六条、第二十八条"
HOUSE = N_("the tracker's own rule")
# What the source speaks of.
POINTS = N_("points and ranking of persons")
CHECK_IN = N_("compulsory check-in")
ONLINE = N_("counting time online")
HOURS = N_("study hours as a basis of assessment")
TWICE = N_("the same form filled twice")
PHOTOS = N_("photos and tracks that are not needed")
INSTALLING = N_("forced installation")
LEAST = N_("no more than is needed, sensitive data least of all")
BURDEN = N_("what people can be asked")


class Level(enum.StrEnum):
    """Whether a file with it can be loaded."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. source, about: what it follows from. says, cure: English msgids with the finding's words."""

    id: str
    level: Level
    source: str
    about: str
    says: str
    cure: str


REFUSE, WARN = Level.REFUSE, Level.WARN
RULES = {
    rule.id: rule
    for rule in (
        Rule(
            "sensitive", REFUSE, LAW, LEAST,
            N_("“%(word)s” asks for an ID number, an address, illness or income."),
            N_("Take it out; an import drops such columns, and says so."),
        ),
        Rule(
            "sensitive-example", REFUSE, LAW, LEAST,
            N_("The example holds an ID or telephone number."),
            N_("Write an invented value of another sort."),
        ),
        Rule(
            "sensitive-note", WARN, LAW, LEAST,
            N_("The note “%(word)s” seems to ask for an ID number, an address, illness or income."),
            N_("Say what not to write, or leave it out."),
        ),
        Rule(
            "illness", WARN, LAW, LEAST,
            N_("“%(word)s” notes an illness."),
            N_("Keep reasons rough: that somebody was excused says enough."),
        ),
        Rule(
            "named-subject", REFUSE, LAW, LEAST,
            N_("“%(word)s” asks for the name or telephone of somebody who is helped."),
            N_("Ask for a code; name and contact are kept sealed beside the record."),
        ),
        Rule(
            "points", REFUSE, NOTICE, POINTS,
            N_("“%(word)s” speaks of points."),
            N_("Show how far something has come, not what it is worth."),
        ),
        Rule(
            "ranking", REFUSE, NOTICE, POINTS,
            N_("“%(word)s” speaks of a ranking."),
            N_("Show coverage, the minimum and the distribution."),
        ),
        Rule(
            "hours-by-member", REFUSE, NOTICE, POINTS,
            N_("The figure lists the time of each member beside the others'."),
            N_("Leave out by; take min, mean or count_reached over the members."),
        ),
        Rule(
            "most-of-members", WARN, NOTICE, POINTS,
            N_("The figure tells the most that a single member has."),
            N_("Take min or mean."),
        ),
        Rule(
            "names-shown", WARN, NOTICE, POINTS,
            N_("The office would see by name whose time it is."),
            N_("Set hides_names = true."),
        ),
        Rule(
            "check-in", REFUSE, NOTICE, CHECK_IN,
            N_("“%(word)s” speaks of checking in or counting log-ins."),
            N_("Record once what was done; nobody has to turn up on a page."),
        ),
        Rule(
            "online-time", REFUSE, NOTICE, ONLINE,
            N_("“%(word)s” speaks of time spent online."),
            N_("Ask for the time of study itself, from whatever source."),
        ),
        Rule(
            "assessment", REFUSE, NOTICE, HOURS,
            N_("“%(word)s” makes hours of study a basis of assessment."),
            N_("Leave it out, or let it no longer be about time."),
        ),
        Rule(
            "assessment-words", WARN, NOTICE, HOURS,
            N_("“%(word)s” speaks of assessment."),
            N_("Make sure that no hours of study stand behind it."),
        ),
        Rule(
            "same-form", WARN, NOTICE, TWICE,
            N_("“%(first)s” and “%(second)s” require the same columns: the same fact may be asked twice."),
            N_("Make one kind of them; a fact feeds several figures."),
        ),
        Rule(
            "known-already", WARN, NOTICE, TWICE,
            N_("A member's number, name and branch are all required, though the roster knows them."),
            N_("Require one of them; the others may stay."),
        ),
        Rule(
            "photo-required", REFUSE, NOTICE, PHOTOS,
            N_("“%(word)s” requires photos or screenshots."),
            N_("Leave it out: evidence is optional, and a random sample is checked instead."),
        ),
        Rule(
            "photo", WARN, NOTICE, PHOTOS,
            N_("“%(word)s” asks for photos or screenshots."),
            N_("Leave it out: files may be added to any record."),
        ),
        Rule(
            "tracks", REFUSE, NOTICE, PHOTOS,
            N_("“%(word)s” speaks of tracks or positions."),
            N_("Leave it out; place and community say enough."),
        ),
        Rule(
            "installing", REFUSE, NOTICE, INSTALLING,
            N_("“%(word)s” asks to install or follow something."),
            N_("Leave it out; a branch may hand in one spreadsheet."),
        ),
        Rule(
            "many-fields", WARN, HOUSE, BURDEN,
            N_("%(count)s columns are required, more than %(most)s."),
            N_("Require only what a figure counts."),
        ),
        Rule(
            "visits-often", WARN, HOUSE, BURDEN,
            N_("A visit every %(days)s days is more than one a week."),
            N_("Let visit_every_days be 7 or more."),
        ),
        Rule(
            "heavy-pace", WARN, HOUSE, BURDEN,
            N_("The goal needs %(minutes)s minutes of each member on every day, more than %(most)s."),
            N_("Lower the target, or put the due day later."),
        ),
        Rule(
            "out-of-reach", WARN, HOUSE, BURDEN,
            N_("The goal needs %(minutes)s minutes a day; %(most)s a day may be recorded at most."),
            N_("Lower the target, or put the due day later."),
        ),
        Rule(
            "due-outside", WARN, HOUSE, BURDEN,
            N_("The days lie outside the campaign."),
            N_("Put them between starts_on and ends_on."),
        ),
    )
}  # fmt: skip
# Words that announce what is banned; 分 belongs to the next word in 心得分享, 参加分组, 设计分类.
BANNED = {
    "points": re.compile("(积分|计分|加分|扣分|得分|评分|打分)(?![享组析类别布发工支期段批为步散])"),
    "ranking": re.compile("排名|排行|名次|末位|倒数第|红黑榜|龙虎榜|前十名|后十名"),
    "check-in": re.compile("打卡(?![地点])|签到天数|签到次数|连续签到|登[录陆](次数|天数)"),
    "online-time": re.compile("在线时长|在线时间|浏览时长|停留时长|活跃度|活跃天数"),
    "tracks": re.compile("轨迹|GPS|步数|位置信息|实时位置|手机定位|定位签到", re.IGNORECASE),
    "installing": re.compile("(下载|安装)(APP|应用|客户端)|关注公众号|关注率|安装率|注册率", re.IGNORECASE),
}
ASSESSMENT = re.compile("考核|考评|评优|评先|绩效|奖惩|挂钩|通报批评|不合格")
PHOTO = re.compile("照片|截图|截屏|图片|影像|视频|录像|拍照")
MUST = re.compile("必|须")
NAMED = re.compile("姓名|电话|手机|联系方式")
ILLNESS = re.compile("病假|因病|生病|住院|就医")
# A clause that denies what it speaks of: 不排名, 不以学时作为考核依据, 严禁打卡.
DENIED = re.compile(
    "(不(?!少于|低于|超过|小于|断|仅|但|同)|严禁|禁止|取消|杜绝|勿|无需|无须|免于)[^，。；！？,;]{0,10}$"
)


def banned_in(text: str) -> Iterator[tuple[str, str]]:
    """(rule, word) for each banned sort of word in a text that is not denied there."""
    for rule, words in BANNED.items():
        if word := word_in(text, words):
            yield rule, word


def word_in(text: str, words: re.Pattern[str]) -> str | None:
    """The first of these words in a text that is not denied in its own clause."""
    found = (match for match in words.finditer(text) if not DENIED.search(text[: match.start()]))
    return next((match[0] for match in found), None)
