"""A desk at which ledgers are taken away in a layout."""

from __future__ import annotations

import datetime as dt
import io
from urllib.parse import urlencode

import openpyxl

from tracker.models import Role
from tracker.queries.campaigns import spec_of


class Desk:
    """Two branches, a member in each, a few rows, and people who take ledgers away."""

    def __init__(self, make, client):
        self.make, self.client = make, client
        self.campaign = make.campaign()
        self.spec = spec_of(self.campaign)
        self.here, self.there = make.branch("东湖党支部"), make.branch("西山党支部")
        self.zhang = make.member(self.here, name="张三", number="M0001")
        self.li = make.member(self.there, name="李四", number="M0002")
        self.study = make.record(
            self.campaign, member=self.zhang, minutes=100, source="学习强国", title="=1+1"
        )
        make.record(self.campaign, member=self.li, minutes=30, source="学习强国", title="简史")
        self.joint = make.record(
            self.campaign,
            "activity",
            owner=self.there,
            people=[self.zhang, self.li],
            type="主题党日",
            title="共学",
        )
        self.office = make.user(Role.OFFICE)
        self.secretary = make.user(Role.SECRETARY, self.here)

    def sign_in(self, user):
        return self.client.sign_in(user)

    def sheet(self, client, **asked):
        url = "/layouts?" + urlencode(asked)
        form = next(
            one for one in client.page(url).iter("form") if one.get("action").startswith("/layouts.xlsx")
        )
        answer = client.submit(url, {}, action=form.get("action"))
        assert answer.status_code == 200, answer.text[:500]
        return openpyxl.load_workbook(io.BytesIO(answer.data))


def texts(sheet):
    rows = [
        [cell.date() if isinstance(cell, dt.datetime) else cell for cell in row if cell is not None]
        for row in sheet.iter_rows(values_only=True)
    ]
    return [row for row in rows if row]
