// Hash time locks on two networks of Hardhat 3, inside this process, because from outside it would be
// measured with an HTTP server around it.
//
//     node hardhat_htlc.mjs WORK.json     print what was measured, as JSON
//
// It runs in the folder where Hardhat is installed. WORK.json has hexadecimal transactions, and how
// they are sent: as they are ("raw"), signed anew by viem ("signed"), or as a program does whose keys
// the network has ("program") or it has itself ("signing").

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { measure, workOf } from "./htlc_loops.mjs";
import { programs } from "./viem_program.mjs";
import { wallets } from "./viem_signing.mjs";

const work = workOf();
const installed = createRequire(pathToFileURL(`${process.cwd()}/`));
const { createHardhatRuntimeEnvironment } = await import(
  pathToFileURL(installed.resolve("hardhat/hre"))
);
const isSigning = work.way === "signing";
const isProgram = isSigning || work.way === "program";

const network = (chainId) => ({
  type: "edr-simulated",
  chainId,
  // A program pays a tip, and may leave its keys to the network; who signs beforehand does neither.
  accounts: isProgram
    ? work.keys.map((privateKey) => ({ privateKey, balance: 10n ** 24n }))
    : [],
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

const raws = work.settlements.flatMap((one) => Object.values(one));
const signing = work.way === "signed" && (await wallets(installed, work.keys));
if (signing) await signing.learn(raws);
const program = isProgram && (await programs(installed, raws, isSigning ? work.keys : []));

const sender = (provider) => {
  const request = (method, ...params) => provider.request({ method, params });
  const sendRaw = (raw) => request("eth_sendRawTransaction", raw);
  const succeeded = async (hash) => {
    const receipt = await request("eth_getTransactionReceipt", hash);
    if (receipt?.status !== "0x1") {
      throw new Error(`a transaction was not mined or failed: ${JSON.stringify(receipt)}`);
    }
  };
  return {
    request,
    submit: signing ? (raw) => signing.send(provider, raw) : sendRaw,
    succeeded,
    setUp: async (raws) => {
      for (const raw of raws) await succeeded(await sendRaw(raw));
    },
  };
};

const opened = async () => {
  const chains = [];
  for (const [name, chainId, raws] of [["a", idA, work.setup_a], ["b", idB, work.setup_b]]) {
    const { provider } = await networks.create(name);
    // Its toolbox has viem ask a network within the process no question twice.
    const reach = (viem) => viem.custom(provider, { retryCount: 0 });
    const chain = program ? program.on(chainId, reach) : sender(provider);
    await chain.setUp(raws);
    chains.push(chain);
  }
  return chains;
};

await measure(work, opened);
