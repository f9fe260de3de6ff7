// Hash time locks on two anvil nodes over HTTP, by an ordinary program of viem's.
//
//     node anvil_htlc.mjs WORK.json     print what was measured, as JSON
//
// It runs in the folder where viem is installed. WORK.json has the nodes' addresses, hexadecimal
// transactions, and whose keys sign them: the node's ("program") or the program's ("signing").

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { measure, workOf } from "./htlc_loops.mjs";
import { programs } from "./viem_program.mjs";

const work = workOf();
const installed = createRequire(pathToFileURL(`${process.cwd()}/`));
const raws = work.settlements.flatMap((one) => Object.values(one));
const isSigning = work.way === "signing";
const { accounts, on } = await programs(installed, raws, isSigning ? work.keys : []);
const PLENTY = "0xd3c21bcecceda1000000";

const opened = async (size) => {
  // Putting requests together pays where many are under way, and makes a single one wait.
  const reach = (url) => (viem) => viem.http(url, { batch: size > 1 });
  const chains = [];
  for (const [i, raws] of [work.setup_a, work.setup_b].entries()) {
    const chain = on(work.chain_ids[i], reach(work.urls[i]));
    await chain.request("anvil_reset");
    await chain.request("anvil_setNextBlockBaseFeePerGas", "0x0"); // a reset forgets that gas is free
    for (const account of accounts) {
      await chain.request("anvil_setBalance", account, PLENTY); // for the tip that a program pays
      if (!isSigning) await chain.request("anvil_impersonateAccount", account);
    }
    await chain.setUp(raws);
    chains.push(chain);
  }
  return chains;
};

await measure(work, opened);
