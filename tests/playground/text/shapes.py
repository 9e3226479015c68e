"""Answers of every shape that models write, to be cut anywhere."""

SHAPES = {
    "lines": "Roses are red\nViolets are blue\nSugar is sweet\n\nAnd so are you.\n",
    "paragraphs": "One of them.\n\nThe second one,\nof two lines.\n\n\nA third.",
    "bold": "**Note:** it is **very\nimportant** and *new*, or __so__ he _said_.\n\n**Done.**",
    "list": "These are:\n- one\n- two, **bold**\n  - nested\n  - again\n- three\n\nAnd after.",
    "loose list": "1. First\n\n2. Second\n\n   Its paragraph.\n\n3. Third\n\nEnd.",
    "hyphens": "A list -\n- a - b\n-5 is a number\n--- not a rule\n\n---\n\nEnd",
    "tasks": "To do:\n\n- [x] this\n- [ ] that\n- [link](https://example.com) there\n",
    "headings": "# One\nText\n## Two\n\nText\n\nThree\n=====\n\nFour\n----\n#5 is a number",
    "table": "Numbers:\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n| long words | **bold** |\n\nThat was it.",
    "listing": 'Code:\n```python\ndef f():\n\n    return "`"\n```\nAnd `more` of it.\n\n~~~\n```\n~~~\n',
    "nested": "1. Do\n   ```sh\n   make\n\n   make run\n   ```\n2. And\n\n````md\n```py\na\n```\n````\n",
    "quote": "> He said\n> so.\n>\n> Twice.\n\nAnd left.\n> Again",
    "link": "See [the page](https://example.com/a/very/long/address/that/nobody/reads?q=1) and [x] or [1].",
    "formula": "It is \\(a_1 + b\\), and\n\\[\nx_1\n= 2\n\\]\nso \\[y\\].",
    "numbers": "1\n2\n3\n\n3.14 is pi\n1984. A year",
}
