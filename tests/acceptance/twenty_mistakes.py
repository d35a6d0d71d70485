"""A workbook as an office writes it, with twenty different mistakes in it, and how each is mended."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

DAY = dt.date(2021, 3, 5)
STUDY = ["序号", "日期", "工号", "姓名", "党支部", "学习时长", "学习来源", "学习内容", "备注"]
ACTIVITY = ["编号", "日期", "活动类型", "主题", "组织单位", "参加人员", "参加人次"]
SERVICE = ["日期", "党支部", "党小组", "服务内容", "社区", "时长", "参加人员", "服务人次"]
TASK = ["编号", "领办日期", "领办单位类型", "领办单位", "事项", "社区", "状态", "完成日期"]
ONE, TWO = "第一党支部", "第二党支部"
ZHANG, WANG = ["M0001", "张三", ONE], ["M0002", "王五", ONE]

# Below a title, a line 填报单位 and the headings: row 4 is the first.
STUDY_ROWS: list[list[Any]] = [
    [DAY, *ZHANG, 2, "学习强国", "好的一行"],  # 4
    ["2021-02-30", *ZHANG, 1, "学习强国", "没有这一天"],
    ["2021.1.5", *ZHANG, 1, "学习强国", "行动计划之前"],
    [dt.date(2021, 12, 1), *ZHANG, 1, "学习强国", "还没到"],
    [DAY, "M9999", "赵六", TWO, 1, "学习强国", "查无此号"],
    [DAY, "M0001", None, ONE, 1, "学习强国", "没有姓名"],
    [DAY, None, "无名氏", TWO, 1, "学习强国", "查无此人"],  # 10
    [DAY, *WANG, 0, "学习强国", "零小时"],
    [DAY, *WANG, "一会儿", "学习强国", "不是时长"],
    [DAY, *WANG, "３０分钟", "看电视", "没有这个来源"],
    [DAY, *WANG, 1, "学习强国", "控制\x07字符"],
    [dt.date(2021, 3, 8), *WANG, 13, "集中学习", "上半天"],  # 15
    [dt.date(2021, 3, 8), *WANG, 12, "集中学习", "一天二十五小时"],
    [DAY, "M0005", "赵六", "第九党支部", "1小时30分", "学习强国", "没有这个支部"],
]
ACTIVITY_ROWS: list[list[Any]] = [
    ["S001", DAY, "现场教学", "参观", ONE, "张三、王五", 2],  # 2
    ["S002", DAY, "跳广场舞", "没有这个类型", ONE, "张三", 1],
    ["S003", DAY, "主题党日", "没有这个组织", "第八党支部", "张三", 1],
    ["S004", DAY, "主题党日", "有人不在册", ONE, "张三、路人甲", 2],
    ["S005", DAY, "主题党日", "人次不符", ONE, "张三、王五", 3],
    ["S001", DAY, "专题学习", "编号重复", ONE, "张三", 1],
]
SERVICE_ROWS: list[list[Any]] = [
    [DAY, ONE, "第一党小组", "走访", "北园社区", 2, "张三", 10],
    [DAY, ONE, "第七党小组", "走访", "北园社区", 3, "张三", "许多"],
    ["合计", None, None, None, None, 6, None, None],
]
TASK_ROWS: list[list[Any]] = [
    ["W001", DAY, "支部", ONE, "修路灯", "北园社区", "完成", dt.date(2021, 3, 1)],
    ["W002", DAY, "支部", ONE, "装扶手", "北园社区", "完成", None],
]

# (sheet, cell) -> words of its sentence, and what is to stand there.
MISTAKES: dict[tuple[str, str], tuple[str, Any]] = {
    ("读党史", "B5"): ("2021-02-30", dt.date(2021, 3, 1)),
    ("读党史", "B6"): ("2021-01-05", dt.date(2021, 3, 5)),
    ("读党史", "B7"): ("2021-12-01", dt.date(2021, 4, 1)),
    ("读党史", "C8"): ("M9999", "M0005"),
    ("读党史", "D9"): ("空", "张三"),
    ("读党史", "D10"): ("无名氏", "赵六"),
    ("读党史", "F11"): ("0", 1),
    ("读党史", "F12"): ("一会儿", 0.5),
    ("读党史", "G13"): ("看电视", "学习强国"),
    ("读党史", "H14"): ("控制字符", "控制字符"),
    ("读党史", "F16"): ("1500", 5),
    ("读党史", "E17"): ("第九党支部", TWO),
    ("学习活动", "C3"): ("跳广场舞", "主题党日"),
    ("学习活动", "E4"): ("第八党支部", TWO),
    ("学习活动", "F5"): ("路人甲", "张三、王五"),
    ("学习活动", "G6"): ("3", 2),
    ("学习活动", "A7"): ("S001", "S006"),
    ("志愿服务", "C3"): ("第七党小组", "第一党小组"),
    ("志愿服务", "H3"): ("许多", 20),
    ("志愿服务", "F4"): ("6", 5),
    ("微实事", "H2"): ("2021-03-01", dt.date(2021, 4, 1)),
    ("微实事", "H3"): ("完成", dt.date(2021, 4, 2)),
}


def workbook() -> bytes:
    """The workbook: merged title, widths, borders, fills, comments, a formula, a list of choices, a chart."""
    target = BytesIO()
    with Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        body = book.add_format({"border": 1})
        day = book.add_format({"border": 1, "num_format": "yyyy年m月d日"})
        study = book.add_worksheet("读党史")
        study.merge_range("A1:I1", "党史学习台账", title)
        study.write("A2", f"填报单位：{ONE}")
        study.set_column("H:H", 31)
        study.freeze_panes(3, 0)
        for row, cells in enumerate([STUDY, *STUDY_ROWS], 2):
            cells = cells if row == 2 else [row - 2, *cells]
            _write(study, row, cells, head if row == 2 else body, day)
        study.write_formula("I4", "=F4*60", body, 120)
        study.write_comment("I4", "折合分钟")
        study.write_comment("F11", "自己写的批注")
        study.data_validation("G4:G17", {"validate": "list", "source": ["学习强国", "集中学习"]})
        for name, rows in (
            ("学习活动", [ACTIVITY, *ACTIVITY_ROWS]),
            ("志愿服务", [SERVICE, *SERVICE_ROWS]),
            ("微实事", [TASK, *TASK_ROWS]),
        ):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                _write(sheet, row, cells, head if row == 0 else body, day)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=志愿服务!$F$2:$F$3"})
        book.get_worksheet_by_name("志愿服务").insert_chart("J2", chart)
    return target.getvalue()


def _write(sheet: Any, row: int, cells: list[Any], style: Any, day: Any) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            continue  # no cell at all, as where nobody ever typed
        sheet.write(row, column, cell, day if isinstance(cell, dt.date) else style)
