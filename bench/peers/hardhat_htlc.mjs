// Hash time locks on two networks of Hardhat 3, inside this process: what driving.py does, in
// JavaScript, because from outside it would be measured with an HTTP server around it.
//
//     node hardhat_htlc.mjs WORK.json     print what was measured, as JSON
//
// It runs in the folder where Hardhat is installed. WORK.json has hexadecimal transactions.

import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const work = JSON.parse(readFileSync(process.argv[2], "utf8"));
const installed = createRequire(pathToFileURL(`${process.cwd()}/`));
const { createHardhatRuntimeEnvironment } = await import(
  pathToFileURL(installed.resolve("hardhat/hre"))
);

const network = (chainId) => ({
  type: "edr-simulated",
  chainId,
  accounts: [],
  hardfork: "shanghai",
  initialBaseFeePerGas: 0,
  minGasPrice: 0,
  blockGasLimit: work.block_gas,
  allowBlocksWithSameTimestamp: true,
  loggingEnabled: false,
});
const [idA, idB] = work.chain_ids;
const { network: networks } = await createHardhatRuntimeEnvironment({
  networks: { a: network(idA), b: network(idB) },
});

const receiptOf = async (chain, hash) => {
  const receipt = await chain.request({ method: "eth_getTransactionReceipt", params: [hash] });
  if (receipt?.status !== "0x1") {
    throw new Error(`a transaction was not mined or failed: ${JSON.stringify(receipt)}`);
  }
};

// With keys given, every transaction is signed anew while the clock runs, as a program of viem's does.
const signing = work.keys.length > 0 && (await import("./viem_signing.mjs"));
const wallets = signing && (await signing.wallets(installed, work.keys));

const submit = async (chain, raw) =>
  wallets
    ? wallets.send(chain, raw)
    : chain.request({ method: "eth_sendRawTransaction", params: [raw] });

const send = async (chain, raw) => receiptOf(chain, await submit(chain, raw));

const sendInOneBlock = async (chain, raws) => {
  if (raws.length === 0) return;
  const hashes = await Promise.all(raws.map((raw) => submit(chain, raw)));
  await chain.request({ method: "evm_mine", params: [] });
  await Promise.all(hashes.map((hash) => receiptOf(chain, hash)));
};

const opened = async () => {
  const chains = [];
  for (const [name, raws] of [["a", work.setup_a], ["b", work.setup_b]]) {
    const { provider } = await networks.create(name);
    for (const raw of raws) {
      const hash = await provider.request({ method: "eth_sendRawTransaction", params: [raw] });
      await receiptOf(provider, hash);
    }
    chains.push(provider);
  }
  return chains;
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
  for (const chain of [a, b]) {
    await chain.request({ method: "evm_setAutomine", params: [false] });
  }
  const batch = (i) => (i < 0 ? [] : settlements.slice(i * size, (i + 1) * size));
  const start = performance.now();
  for (let i = 0; (i - 2) * size < settlements.length; i++) {
    const [fresh, locked, halfClaimed] = [batch(i), batch(i - 1), batch(i - 2)];
    await Promise.all([
      sendInOneBlock(a, [...fresh.map((s) => s.lock_a), ...halfClaimed.map((s) => s.claim_a)]),
      sendInOneBlock(b, [...fresh.map((s) => s.lock_b), ...locked.map((s) => s.claim_b)]),
    ]);
  }
  return (1000 * settlements.length) / (performance.now() - start);
};

const growOld = async (chains, blocks) => {
  for (const chain of chains) {
    for (let i = 0; i < blocks; i++) await chain.request({ method: "evm_mine", params: [] });
  }
};

const { settlements, tries, warm_up, alone, old_blocks, batches } = work;
if (wallets) await wallets.learn(settlements.flatMap((one) => Object.values(one)));

const settleSome = (chains, first) =>
  settleAlone(chains, settlements.slice(first, first + alone));

const openedWarm = async () => {
  const chains = await opened();
  await settleAlone(chains, settlements.slice(0, warm_up));
  return chains;
};

await settleSome(await openedWarm(), warm_up); // until the just-in-time compiler is done

const alone_ms = [];
const batched_per_s = [];
for (let i = 0; i < tries; i++) {
  alone_ms.push(await settleSome(await openedWarm(), warm_up));
  for (const { size, count } of batches) {
    const per_s = await settleBatched(await opened(), settlements.slice(0, count), size);
    batched_per_s.push([size, per_s]);
  }
}

const aged_ms = [];
if (old_blocks) {
  const chains = await openedWarm();
  await growOld(chains, old_blocks);
  for (let i = 0; i < tries; i++) aged_ms.push(await settleSome(chains, warm_up + i * alone));
}

writeSync(1, JSON.stringify({ alone_ms, batched_per_s, aged_ms }));
process.exit(0); // its engine's threads would keep it alive
