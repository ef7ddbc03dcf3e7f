"""Small tasks that a rule can pose and solve: sort, reverse, count, format, compute, extract.

They cost nothing to write and are right by construction, so that the share of general data can be
kept however many pairs the reports give.
"""

from collections.abc import Callable, Iterator
from random import Random

Task = tuple[str, str, str]  # language, question, answer

FRUIT_ZH = ["苹果", "香蕉", "橙子", "葡萄", "西瓜", "草莓", "桃子", "梨", "樱桃", "柠檬", "芒果"]
FRUIT_EN = ["apple", "banana", "cherry", "grape", "lemon", "mango", "orange", "peach", "plum"]
CITIES_ZH = ["北岭", "云渡", "青塘", "海宁湾", "石桥", "松河", "白鹭洲", "东圩"]
ANIMALS = dict.fromkeys(["猫", "狗", "马", "麻雀"], "动物") | dict.fromkeys(
    ["松树", "玫瑰", "竹子", "荷花"], "植物"
)


def _pairs(text: str) -> dict[str, str]:
    """Return the mapping written as ``a=b c=d``."""
    return dict(item.split("=") for item in text.split())


OPPOSITES_ZH = _pairs("高=低 快=慢 大=小 冷=热 新=旧 早=晚 明亮=昏暗 安静=吵闹 开始=结束 上升=下降")
OPPOSITES_EN = _pairs("high=low fast=slow big=small cold=hot new=old early=late open=closed")
WORDS = _pairs(
    "水=water 山=mountain 书=book 门=door 火车=train 早晨=morning 河=river 桌子=table 天空=sky"
)
WEEKDAYS_ZH = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def make_tasks(count: int) -> Iterator[Task]:
    """Yield ``count`` different tasks, always the same ones in the same order.

    >>> list(make_tasks(3)) == list(make_tasks(3))
    True
    """
    random = Random(20261120)  # noqa: S311  # chance, no secret
    seen: set[str] = set()
    tries = 0
    while len(seen) < count and tries < count * 50:
        task = _MAKERS[tries % len(_MAKERS)](random)
        tries += 1
        if task[1] not in seen:
            seen.add(task[1])
            yield task


def _sort_numbers(random: Random) -> Task:
    numbers = random.sample(range(1, 100), random.randint(3, 6))
    if random.random() < 0.6:
        asked = f"把这些数从小到大排列：{'、'.join(map(str, numbers))}"
        return "zh", asked, "、".join(map(str, sorted(numbers)))
    asked = f"Sort in ascending order: {', '.join(map(str, numbers))}"
    return "en", asked, ", ".join(map(str, sorted(numbers)))


def _sort_words(random: Random) -> Task:
    words = random.sample(FRUIT_EN, random.randint(3, 5))
    return "en", f"Sort these words alphabetically: {', '.join(words)}", ", ".join(sorted(words))


def _reverse_list(random: Random) -> Task:
    words = random.sample(FRUIT_ZH, random.randint(3, 5))
    return "zh", f"把下面的词倒序排列：{'、'.join(words)}", "、".join(reversed(words))


def _count_items(random: Random) -> Task:
    words = random.sample(FRUIT_ZH, random.randint(2, 7))
    return "zh", f"下面一共列了几种水果？{'、'.join(words)}", f"一共{len(words)}种。"


def _add(random: Random) -> Task:
    a, b = random.randint(2, 60), random.randint(2, 60)
    if random.random() < 0.6:
        return "zh", f"{a}加{b}等于多少？", f"{a} + {b} = {a + b}"
    return "en", f"What is {a} plus {b}?", f"{a} + {b} = {a + b}"


def _larger(random: Random) -> Task:
    a, b = random.sample(range(10, 500), 2)
    return "zh", f"{a}和{b}哪个大？", f"{max(a, b)}比{min(a, b)}大。"


def _as_json(random: Random) -> Task:
    city, fruit, count = random.choice(CITIES_ZH), random.choice(FRUIT_ZH), random.randint(1, 40)
    asked = f"把这句话里的信息写成JSON，键为城市、商品、数量：{city}的店里卖出{count}箱{fruit}。"
    return "zh", asked, f'{{"城市": "{city}", "商品": "{fruit}", "数量": {count}}}'


def _extract(random: Random) -> Task:
    city, fruit, count = random.choice(CITIES_ZH), random.choice(FRUIT_ZH), random.randint(1, 90)
    asked = f"从句子中找出地名：上周，{city}的果农收了{count}筐{fruit}。"
    return "zh", asked, city


def _opposite(random: Random) -> Task:
    if random.random() < 0.5:
        word = random.choice(sorted(OPPOSITES_ZH))
        return "zh", f"“{word}”的反义词是什么？", f"“{word}”的反义词是“{OPPOSITES_ZH[word]}”。"
    word = random.choice(sorted(OPPOSITES_EN))
    return "en", f'What is the opposite of "{word}"?', OPPOSITES_EN[word]


def _translate(random: Random) -> Task:
    word = random.choice(sorted(WORDS))
    if random.random() < 0.5:
        return "zh", f"“{word}”用英语怎么说？", WORDS[word]
    return "en", f'How do you say "{WORDS[word]}" in Chinese?', word


def _next_day(random: Random) -> Task:
    at = random.randrange(7)
    ahead = random.randint(1, 6)
    if random.random() < 0.6:
        asked = f"今天是{WEEKDAYS_ZH[at]}，再过{ahead}天是星期几？"
        return "zh", asked, WEEKDAYS_ZH[(at + ahead) % 7]
    asked = f"Today is {WEEKDAYS_EN[at]}. Which day is it {ahead} days from now?"
    return "en", asked, WEEKDAYS_EN[(at + ahead) % 7]


def _classify(random: Random) -> Task:
    words = random.sample(sorted(ANIMALS), 3)
    asked = f"判断下列各词是动物还是植物：{'、'.join(words)}"
    return "zh", asked, "；".join(f"{word}：{ANIMALS[word]}" for word in words)


def _upper(random: Random) -> Task:
    word = random.choice(FRUIT_EN) + " " + random.choice(FRUIT_EN)
    return "en", f"Write in capital letters: {word}", word.upper()


def _bullets(random: Random) -> Task:
    words = random.sample(FRUIT_ZH, random.randint(2, 4))
    asked = f"用Markdown无序列表列出：{'、'.join(words)}"
    return "zh", asked, "\n".join(f"- {word}" for word in words)


_MAKERS: tuple[Callable[[Random], Task], ...] = (
    _sort_numbers, _sort_words, _reverse_list, _count_items, _add, _larger, _as_json, _extract,
    _opposite, _translate, _next_day, _classify, _upper, _bullets,
)  # fmt: skip
