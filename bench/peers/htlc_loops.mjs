// What driving.py does, for chains that are driven from JavaScript: settle hash time locks one after
// the other, or many in a block, on chains that another script opens.
//
// A chain has request(method, ...params), submit(raw), which says what its network is to be told, and
// succeeded(what), which fails unless that was mined and succeeded. `delivered` of a chain, where it
// has one, fails unless the accounts there own what some raw transactions have moved.

import { readFileSync, writeSync } from "node:fs";

export const workOf = () => JSON.parse(readFileSync(process.argv[2], "utf8"));

const send = async (chain, raw) => chain.succeeded(await chain.submit(raw));

const sendInOneBlock = async (chain, raws) => {
  if (raws.length === 0) return;
  const submitted = await Promise.all(raws.map(chain.submit));
  await chain.request("evm_mine");
  await Promise.all(submitted.map(chain.succeeded));
};

const settleAlone = async ([a, b], settlements) => {
  const eachMs = [];
  for (const { lock_a, lock_b, claim_b, claim_a } of settlements) {
    const start = performance.now();
    await Promise.all([send(a, lock_a), send(b, lock_b)]);
    await send(b, claim_b);
    await send(a, claim_a);
    eachMs.push(performance.now() - start);
  }
  return eachMs;
};

// Three batches are under way: the newest is locked, the next claimed on B, the oldest on A.
const settleBatched = async ([a, b], settlements, size) => {
  for (const chain of [a, b]) await chain.request("evm_setAutomine", false);
  const batch = (i) => (i < 0 ? [] : settlements.slice(i * size, (i + 1) * size));
  const start = performance.now();
  for (let i = 0; (i - 2) * size < settlements.length; i++) {
    const [fresh, locked, halfClaimed] = [batch(i), batch(i - 1), batch(i - 2)];
    await Promise.all([
      sendInOneBlock(a, [...fresh.map((s) => s.lock_a), ...halfClaimed.map((s) => s.claim_a)]),
      sendInOneBlock(b, [...fresh.map((s) => s.lock_b), ...locked.map((s) => s.claim_b)]),
    ]);
  }
  const perS = (1000 * settlements.length) / (performance.now() - start);
  for (const chain of [a, b]) await chain.request("evm_setAutomine", true);
  return perS;
};

const delivered = async ([a, b], settlements) => {
  await a.delivered?.(settlements.map((s) => s.lock_a));
  await b.delivered?.(settlements.map((s) => s.lock_b));
};

// `opened` gives two chains that are set up and have settled nothing, for batches of a size; what is
// done one after the other is of size 1. The process ends with this.
export const measure = async (work, opened) => {
  const { settlements, tries, warm_up, alone, old_settlements, batches } = work;
  const settleSome = (chains, first) =>
    settleAlone(chains, settlements.slice(first, first + alone));

  const openedWarm = async () => {
    const chains = await opened(1);
    await settleAlone(chains, settlements.slice(0, warm_up));
    return chains;
  };

  await settleSome(await openedWarm(), warm_up); // until the just-in-time compiler is done

  const alone_ms = [];
  const batched_per_s = [];
  for (let i = 0; i < tries; i++) {
    const chains = await openedWarm();
    alone_ms.push(await settleSome(chains, warm_up));
    await delivered(chains, settlements.slice(0, warm_up + alone));
    for (const { size, count } of batches) {
      const chains = await opened(size);
      const some = settlements.slice(0, count);
      batched_per_s.push([size, await settleBatched(chains, some, size)]);
      await delivered(chains, some);
    }
  }

  const aged_ms = [];
  if (old_settlements) {
    const chains = await openedWarm();
    const young = warm_up + old_settlements;
    await settleAlone(chains, settlements.slice(warm_up, young));
    for (let i = 0; i < tries; i++) aged_ms.push(await settleSome(chains, young + i * alone));
  }

  writeSync(1, JSON.stringify({ alone_ms, batched_per_s, aged_ms }));
  process.exit(0); // an engine's threads would keep it alive
};
