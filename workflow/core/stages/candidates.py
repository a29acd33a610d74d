"""The acts of a contest: candidates entered and struck, the list settled, papers collected, counted, declared."""

from workflow.core.attempt import Numbers, Requirement
from workflow.core.matter import Matter
from workflow.core.stage import Ask, CheckWords, Judgement
from workflow.core.stages.ballot_text import BallotText
from workflow.core.stages.electing import Contest, follow, result_of
from workflow.core.stages.sheets import judge_sheet, judge_way
from workflow.core.stages.tallies import others, revised


def _contest(stage: BallotText, ask: Ask) -> Contest:
    return follow(stage, ask, ask.matter.standing(stage.id))


def _after(stage: BallotText, ask: Ask, outcome: str) -> str:
    """Return the outcome of an act, or another where correcting it changes what was settled or declared since."""

    def concluded(matter: Matter) -> tuple[object, ...]:
        return follow(stage, ask, matter.standing(stage.id)).concluded

    return revised(ask, outcome, concluded)


def _known(ask: Ask, allowed: tuple[int, ...]) -> Requirement:
    given = ask.number("candidate")
    numbers: Numbers = {"given": given, "candidates": [str(each) for each in allowed]}
    return Requirement("count.ballots_candidate", given in allowed, numbers)


def judge_nominate(stage: BallotText, ask: Ask) -> Judgement:
    """Enter one candidate under the next number; a struck candidate's number is not used again."""
    contest = _contest(stage, ask)
    given = len(contest.standing) + 1
    numbers: Numbers = {"given": given, "most": stage.candidates_max}
    asked = Requirement("ballot.candidates_max", given <= stage.candidates_max, numbers, stage.basis)
    return Judgement("nominated", (asked,), {"candidate": contest.entered + 1})


def judge_strike(stage: BallotText, ask: Ask) -> Judgement:
    """Take a candidate off the list, before it is settled."""
    known = _known(ask, _contest(stage, ask).standing)
    return Judgement(_after(stage, ask, "struck"), (known,))


def judge_settle(stage: BallotText, ask: Ask) -> Judgement:
    """Settle the list: enough candidates for the seats, one more where the stage says so."""
    standing, seats = _contest(stage, ask).standing, stage.seats or 0
    needed = seats + stage.more_candidates
    numbers: Numbers = {"given": len(standing), "seats": seats, "needed": needed}
    asked = Requirement("ballot.candidates", len(standing) >= needed, numbers, stage.basis)
    return Judgement("settled", (asked,), {"candidates": [str(each) for each in standing]})


def judge_collect(stage: BallotText, ask: Ask) -> Judgement:
    """Take in the papers of a round: too few, or more than were issued, and the round is voted again."""
    outcome, asked = judge_sheet(ask, stage, {side: stage.turnout_key(side) for side in stage.sides})
    asked += judge_way(ask, stage.tellers_min)
    return Judgement(outcome or _after(stage, ask, "collected"), tuple(asked))


def judge_count(stage: BallotText, ask: Ask) -> Judgement:
    """Count one candidate of this round, once."""
    contest, number = _contest(stage, ask), ask.number("candidate")
    asked = [
        _known(ask, contest.listed),
        Requirement("count.ballots_twice", number not in _counted_besides(stage, ask), {"given": number}),
        *_same_day(stage, ask),
    ]
    for side in stage.sides:
        votes, valid = side.number(ask.facts.open, "votes"), side.number(contest.sheet or {}, "valid")
        numbers: Numbers = {"group": side.title, "votes": votes, "valid": valid}
        asked.append(Requirement("count.ballots_votes", votes <= valid, numbers))
    return Judgement(_after(stage, ask, "counted"), tuple(asked))


def _counted_besides(stage: BallotText, ask: Ask) -> set[object]:
    """Return the candidates that other acts of the same round count, later ones too where an act is corrected."""
    acts = [act for act in others(ask) if act.stage == stage.id and act.action in ("collect", "count")]
    here = ask.matter.mseq
    rounds = [act.mseq for act in acts if act.action == "collect"]
    since = max((each for each in rounds if each <= here), default=0)
    until = min((each for each in rounds if each > here), default=here + len(ask.matter.entries) + 1)
    return {act.facts["candidate"] for act in acts if act.action == "count" and since < act.mseq < until}


def _same_day(stage: BallotText, ask: Ask) -> list[Requirement]:
    collected = ask.matter.last(stage.id, "collect")
    if collected is None or not stage.on_spot:
        return []
    numbers: Numbers = {"voted": collected.acted_on.isoformat(), "given": ask.acted_on.isoformat()}
    return [Requirement("ballot.same_day", ask.acted_on == collected.acted_on, numbers, stage.basis)]


def judge_declare(stage: BallotText, ask: Ask) -> Judgement:
    """Declare a round once every candidate is counted; who is elected is computed, never chosen."""
    contest = _contest(stage, ask)
    missing = [str(each) for each in contest.uncounted]
    seats = (stage.seats or 0) - len(contest.elected)
    asked = [
        Requirement("ballot.all_counted", not missing, {"missing": missing}),
        *_same_day(stage, ask), *judge_way(ask, stage.tellers_min),
    ]  # fmt: skip
    for side in stage.sides:
        votes = sum((contest.count_of(each) or {}).get(side.prefix, 0) for each in contest.listed)
        most = side.number(contest.sheet or {}, "valid") * seats
        numbers: Numbers = {"group": side.title, "votes": votes, "most": most, "seats": seats}
        asked.append(Requirement("count.ballots_votes_sum", votes <= most, numbers))
    result = result_of(stage, ask, contest)
    computed: Numbers = {
        "elected": [str(each) for each in result.elected],
        "run_off": [str(each) for each in result.run_off],
    }
    return Judgement(result.outcome, (*asked, *result.requirements), computed)


CHECKS: CheckWords = {
    "count.ballots_candidate": ("填的是第 {given} 号", "须是这些候选人中的一个：{candidates}号", "核对候选人编号"),
    "count.ballots_twice": ("第 {given} 号的得票已经登记过", "一名候选人一轮只登记一次", "登记错了的，用更正"),
    "count.ballots_votes": ("{group}得 {votes} 票，有效 {valid} 票", "得票不能多于有效票", "核对计票单"),
    "count.ballots_votes_sum": (
        "{group}各候选人得票合计 {votes}", "每张票最多选 {seats} 人，合计不能多于 {most}", "核对计票单",
    ),
    "ballot.candidates_max": ("这是第 {given} 名候选人", "最多 {most} 名", "先取消一名，再登记"),
    "ballot.candidates": ("候选人 {given} 人，选 {seats} 人", "候选人至少 {needed} 人", "补充提名"),
    "ballot.same_day": ("{voted}投票，填的是{given}", "须当场计票，当天公布", "核对日期；隔天计票的须重新投票"),
    "ballot.all_counted": ("还没有登记得票：{missing}号", "每名候选人都要登记得票", "登记完再宣布"),
    "ballot.elected": (
        "第 {candidate} 号得 {count} {counted_in}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "没有当选",
    ),
    "ballot.tie": ("{candidates}号得票相同，只剩 {left} 个名额", "得票相同的不能确定谁当选", "就这几人再投一次"),
    "ballot.seats": ("选出 {elected} 人，应选 {seats} 人", "还缺 {vacant} 人", "不足的名额另行投票，或暂缺"),
}  # fmt: skip
