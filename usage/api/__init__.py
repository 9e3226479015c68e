"""`/api/v1/`: the team's numbers for programs, by a team token, read-only. Its views ask what pages ask, and
answer in JSON, with a code and a sentence where something goes wrong. `openapi.json` describes it by hand.
"""
