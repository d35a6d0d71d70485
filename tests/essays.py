"""Invented essays: random clauses over a few themes, with as much shared boilerplate as is asked for."""

from __future__ import annotations

import random

# Characters that essays of this kind are made of; what a clause says does not matter, how it repeats does.
WORDS = (  # noqa: SIM905  (a list of them would be eighty lines)
    "党史 学习 教育 初心 使命 担当 奋斗 人民 群众 服务 社区 老人 红军 长征 延安 精神 信仰 理想 "
    "历史 经验 实践 青年 责任 传承 基因 故事 烈士 纪念 参观 讲解 感动 思考 体会 工作 岗位 作风 "
    "落实 改革 发展 时代 复兴 道路 制度 自信 团结 勇气 牺牲 忠诚 清廉 调研 走访 困难 帮扶 民政 "
    "养老 救助 儿童 志愿 支部 会议 讨论 "
).split()
JOINTS = ("，", "。", "；", "，", "，", "。")
BOILERPLATE = (
    "习近平总书记指出，要在全党开展党史学习教育，做到学史明理、学史增信、学史崇德、学史力行。",
    "一百年来，中国共产党团结带领人民，为中国人民谋幸福，为中华民族谋复兴。",
    "作为一名民政干部，我要学党史、悟思想、办实事、开新局，坚持以人民为中心，全心全意为人民服务。",
    "通过这次学习，我深受教育，倍感振奋，进一步坚定了理想信念，增强了做好本职工作的信心和决心。",
    "今后我将立足本职岗位，不忘初心、牢记使命，以实际行动向党的百年华诞献礼。",
)


def essay(chance: random.Random, length: int = 1500, boilerplate: float = 0.0) -> str:
    """One essay of about `length` characters; `boilerplate` is the share of it that all essays have."""
    said: list[str] = []
    written = 0
    while written < length:
        if boilerplate and chance.random() < boilerplate / 2.5:
            clause = chance.choice(BOILERPLATE)
        else:
            clause = "".join(chance.choices(WORDS, k=chance.randint(3, 8))) + chance.choice(JOINTS)
        said.append(clause)
        written += len(clause)
    return "".join(said)


def near_copy(chance: random.Random, text: str, keeps: float = 0.7) -> str:
    """The text with some of its blocks written anew, in its order: like a copy that was worked over."""
    blocks = [text[at : at + 150] for at in range(0, len(text), 150)]
    anew = set(chance.sample(range(len(blocks)), round(len(blocks) * (1 - keeps))))
    return "".join(essay(chance, 150) if n in anew else block for n, block in enumerate(blocks))
