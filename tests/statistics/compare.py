"""Reads every loan and evaluation over the API, counts them anew, and holds the reports against that."""

import json
import os
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

NAME, SITE = sys.argv[1:]
ZONE = ZoneInfo("Europe/Stockholm")
wrong = []


def ask(path):
    request = urllib.request.Request(
        f"{SITE}/api/v1{path}", headers={"Authorization": "Bearer " + os.environ["DIGILADOR_TOKEN"]}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def everything(path, query=""):
    cursor = ""
    while True:
        page = ask(f"{path}?limit=200{query}{cursor}")
        yield from page["items"]
        if not page["next"]:
            return
        cursor = "&cursor=" + page["next"]


def term(day):
    return f"{day.year:04}-{1 if day.month < 8 else 2}"


def local(moment):
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(ZONE).date()


def same(what, told, counted):
    alike = told == counted
    if isinstance(told, float) or isinstance(counted, float):
        alike = told is not None and counted is not None and abs(told - counted) < 1e-9
    if not alike:
        wrong.append(f"{what}: told {told}, counted {counted}")


def mean(steps):
    return {"n": len(steps), "mean": sum(steps) / len(steps) if len(steps) >= 5 else None}


def same_mean(what, told, steps):
    counted = mean(steps)
    same(what + " n", told["n"], counted["n"])
    same(what + " mean", told["mean"], counted["mean"])


for _ in range(300):
    try:
        urllib.request.urlopen(f"{SITE}/readyz")
        break
    except OSError:
        time.sleep(0.2)

evaluations = list(everything("/evaluations"))
loans = [loan for loan in everything("/loans") if loan["handed_out_at"]]
today = datetime.now(ZONE).date()
terms = sorted({term(date.fromisoformat(one["submitted_on"])) for one in evaluations} | {term(today)})
# All of it, the last two terms, and one in the middle.
periods = [(terms[max(0, len(terms) - 20)], terms[-1]), (terms[-2], terms[-1]), (terms[len(terms) // 2],) * 2]
checked = 0

for first, last in periods:
    about = f"from_term={first}&to_term={last}"
    within = lambda day: first <= term(day) <= last
    written = [one for one in evaluations if within(date.fromisoformat(one["submitted_on"]))]
    lent = [one for one in loans if within(date.fromisoformat(one["first_day"]))]
    of_type, lent_of = defaultdict(list), Counter(one["kit_type"]["id"] for one in lent)
    for one in written:
        of_type[one["kit_type"]["id"]].append(one)

    def steps(some, question):
        return [one["answers"][question] for one in some if isinstance(one["answers"].get(question), int)]

    figures = ask(f"/reports/kit-types?{about}")["items"]
    same("evaluations in all", sum(one["evaluations"] for one in figures), len(written))
    for told in figures:
        kit_type, name = told["kit_type"]["id"], f"{first}–{last} {told['kit_type']['name']}"
        some = of_type[kit_type]
        same(name + " loans", told["loans"], lent_of[kit_type])
        same(name + " evaluations", told["evaluations"], len(some))
        same(name + " used", told["used"], sum(one["answers"]["used"] != "no" for one in some))
        same(name + " children", told["children"], sum(one["answers"].get("children", 0) for one in some))
        asked = [one["answers"]["again"] for one in some if "again" in one["answers"]]
        same(name + " again", told["again"], {"count": asked.count("yes"), "of": len(asked)})
        for figure, question in [("fun", "fun"), ("easy", "easy_start"), ("worth", "value")]:
            same_mean(f"{name} {figure}", told[figure], steps(some, question))
        checked += 1

    for told in figures[:5]:
        kit_type, name = told["kit_type"]["id"], f"{first}–{last} {told['kit_type']['name']}"
        report = ask(f"/reports/kit-types/{kit_type}?{about}")
        for question in report["questions"]:
            given = Counter()
            for one in of_type[kit_type]:
                answer = one["answers"].get(question["id"])
                given.update([] if answer is None else map(str, answer if isinstance(answer, list) else [answer]))
            counted = {option["value"]: option["count"] for option in question["options"] if option["count"]}
            same(f"{name} {question['id']}", counted, dict(given))
        for part in report["terms"]:
            some = [one for one in of_type[kit_type] if term(date.fromisoformat(one["submitted_on"])) == part["term"]]
            same(f"{name} {part['term']} evaluations", part["evaluations"], len(some))
            same_mean(f"{name} {part['term']} fun", part["fun"], steps(some, "fun"))

    equity = ask(f"/reports/equity?{about}")
    lent_to = Counter(one["unit"]["id"] for one in lent)
    newest = defaultdict(str)
    for one in loans:
        newest[one["unit"]["id"]] = max(newest[one["unit"]["id"]], one["first_day"])
    year_ago = today.replace(year=today.year - 1, day=min(today.day, 28)) if today.month == 2 else today.replace(year=today.year - 1)
    for unit in equity["units"]:
        same(unit["unit"]["name"] + " loans", unit["loans"], lent_to[unit["unit"]["id"]])
        same(unit["unit"]["name"] + " newest", unit["newest_loan"] or "", newest[unit["unit"]["id"]])
        same(unit["unit"]["name"] + " without", unit["without_loan"], newest[unit["unit"]["id"]] <= year_ago.isoformat())
    same("loans of all areas", sum(area["loans"] for area in equity["areas"]), len(lent))

    payments = ask(f"/reports/payments?{about}")
    ended = [one for one in loans if one["returned_at"] and within(local(one["returned_at"]))]
    paid = [one for one in ended if one["evaluation"] == "submitted"]
    days = [(local(one["returned_at"]) - local(one["received_at"])).days for one in paid]
    same("evaluated", payments["evaluated"], len(paid))
    same("median days", payments["median_days"], float(median(days)) if days else None)
    on_time = sum(not one["evaluation_due"] or local(one["returned_at"]).isoformat() <= one["evaluation_due"] for one in paid)
    same("on time", payments["on_time"], {"count": on_time, "of": len(paid)})
    same("released", payments["released"], sum(one["evaluation"] == "released" for one in ended))

# The scales of any days: months that are cut and whole ones, within one month, open on one side, of one unit.
newest = max(date.fromisoformat(one["submitted_on"]) for one in evaluations)
before = lambda days: newest - timedelta(days=days)
month = before(400).replace(day=1)
spans = [
    (before(90), newest, None),
    (before(320), before(47), None),
    (before(3), before(1), None),
    (month, (month + timedelta(days=70)).replace(day=1) - timedelta(days=1), None),
    (None, before(500), None),
    (before(140), None, None),
    (before(600), before(20), evaluations[0]["unit"]["id"]),
]
scales = [question["id"] for question in ask(f"/evaluations/{evaluations[0]['id']}")["form"]["questions"] if question["kind"] == "scale"]
checked_scales = 0
for first, last, unit in spans:
    given = defaultdict(Counter)
    for one in evaluations:
        day = date.fromisoformat(one["submitted_on"])
        if (first or day) <= day <= (last or day) and unit in (None, one["unit"]["id"]):
            for question in scales:
                if question in one["answers"]:
                    given[one["kit_type"]["id"], question][one["answers"][question]] += 1
    asked = {"from": first, "to": last, "unit_id": unit}
    query = "".join(f"&{name}={value}" for name, value in asked.items() if value)
    told = {(one["kit_type"]["id"], one["question_id"]): one for one in everything("/evaluations/summary", query)}
    same(f"scales of {query}", sorted(told), sorted(given))
    for about in given.keys() & told.keys():
        one, counted = told[about], given[about]
        steps = [counted[step] for step in range(1, 6)]
        same(f"steps of {query}", (one["distribution"], one["dont_know"]), (steps, counted["dont_know"]))
        n = sum(steps)
        same(f"mean of {query}", one["mean"], sum(step * count for step, count in enumerate(steps, 1)) / n if n else None)
    checked_scales += len(given)

unused = sum(one["answers"]["used"] == "no" for one in evaluations)
unknown = sum("dont_know" in one["answers"].values() for one in evaluations if one["answers"]["used"] != "no")
print(
    f"{NAME}: {len(evaluations)} evaluations ({unused} of unused kits, {unknown} with a \"don't know\"), "
    f"{checked} kit types over {len(periods)} periods and {checked_scales} scales over {len(spans)} compared, {len(wrong)} differ"
)
for line in wrong[:20]:
    print("  " + line)
if len(evaluations) < 10_000 or unused == 0 or unknown == 0:
    sys.exit("too little to compare")
sys.exit(bool(wrong))
