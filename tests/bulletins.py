"""Bulletins for tests: a campaign with a short template, and issues of it."""

from __future__ import annotations

import datetime as dt

from tests.maker import NOW
from tracker.filters import said_in_chinese
from tracker.services.bulletins import change_bulletin, draft_bulletin, issue_bulletin

CAMPAIGN = """
format = 1
code = "small"
name = "小计划"
starts_on = 2021-03-01
ends_on = 2021-12-31
[[kinds]]
code = "study"
name = "学习"
sheet = "学习"
owners = ["member"]
columns = [{ field = "happened_on", heading = "日期" }, { field = "minutes", heading = "时长" },
  { field = "member_name", heading = "姓名" }]
[[kinds]]
code = "visit"
name = "现场教学"
sheet = "现场教学"
owners = ["branch", "bureau"]
columns = [{ field = "happened_on", heading = "日期" }, { field = "organiser", heading = "单位" }]
[[figures]]
id = "visits"
title = "现场教学场次"
unit = "场次"
measure = "records"
kind = "visit"
[[figures]]
id = "visits.person_times"
title = "现场教学人次"
unit = "人次"
measure = "participations"
kind = "visit"
[[figures]]
id = "visits.persons"
title = "现场教学人数"
unit = "人"
measure = "persons"
kind = "visit"
[[figures]]
id = "hours.least"
title = "最少学时"
unit = "小时"
measure = "minutes"
kind = "study"
scope = "member"
over = { eligible = true }
reduce = "min"
divide_by = 60
[[figures]]
id = "members"
title = "党员人数"
unit = "名"
measure = "members"
[[goals]]
code = "visits"
name = "现场教学"
figure = "visits"
target = 100
unit = "场次"
[[bulletins]]
code = "progress"
name = "进展简报"
head = "学习简报"
title = "进展情况"
issue_to = "各党支部。"
text = \"\"\"
截至{as_of}，{members}党员，学习均在{hours.least:以上}。
现场教学{visits}，{visits.person_times:超1}参加。
\"\"\"
"""
DAY, TODAY = dt.date(2021, 6, 26), dt.date(2021, 7, 31)


def begin(campaign, by, as_of=DAY, text=None, title="进展情况"):
    """A draft of the campaign's bulletin; with `text`, written anew."""
    bulletin = draft_bulletin(campaign, "progress", as_of=as_of, today=TODAY, by=by, at=NOW)
    if text is not None:
        change_bulletin(
            bulletin, 1, title=title, text=text, as_of=as_of, today=TODAY, by=by, at=NOW
        )  # fmt: skip
    return bulletin


def issue(bulletin, by, issued_on=TODAY, at=NOW, **more):
    """Issue it as it stands."""
    issue_bulletin(
        bulletin,
        bulletin.version,
        issued_on=issued_on,
        today=TODAY,
        by=by,
        at=at,
        say=said_in_chinese,
        **more,
    )
    return bulletin
