import collections
import os
import time

import tests.test_mutations_differential as m
from tests.test_mutations_differential import *


def test_x(arena):
    bad = collections.Counter()
    ex = {}
    acc = collections.Counter()
    tries = collections.Counter()
    codes = collections.defaultdict(collections.Counter)
    old = m.Play._do

    def do(self, given, wanted):
        d = old(self, given, wanted)
        r = d.data["done"]
        codes[self._offer.name].update(
            [e["extensions"]["code"] for e in d.errors]
            or [
                "-".join(["user", *(u["code"] + ":" + u["field"][-1] for u in r["userErrors"])])
                if r["userErrors"]
                else "ok"
            ]
        )
        return d

    m.Play._do = do
    t0 = time.process_time()
    for seed in range(int(os.environ.get("N", "2"))):
        world = inhabited(seed)
        for name, offer in arena.declared.catalogue.offers.items():
            play = Play(arena, world, Random(f"{seed} {name}"), payload(arena.schema, name))
            play.name = name
            for _ in range(ATTEMPTS):
                tries[name] += 1
                try:
                    acc[name] += play.attempt()
                except Exception as e:
                    k = (name, type(e).__name__, str(e)[:400])
                    bad[k] += 1
                    ex.setdefault(k, [x[-600:] for x in getattr(e, "__notes__", [])])
                    play._begin(arena.load(world))
    print("cpu", time.process_time() - t0)
    for k, c in bad.most_common(60):
        print(c, k, "\n    ", ex[k])
    for n in tries:
        print(n, f"{acc[n]}/{tries[n]}", dict(codes[n]))
