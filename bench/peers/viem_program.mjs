// Settle as an ordinary program of viem's does: it knows the contracts by their ABI, writes to them and
// waits for receipts. Chain, nonce, fee and gas are found out for every transaction by viem and node.
// Its accounts are the node's, as Hardhat's toolbox and every development node offer, or it has keys
// of its own and signs, as it must wherever the node is not its own.

import { pathToFileURL } from "node:url";
import { chainOf, signersOf } from "./viem_accounts.mjs";

const ABI = [
  "function lock(bytes32, address, address, uint256, uint256)",
  "function claim(bytes32)",
  "function balanceOf(address) view returns (uint256)",
];
// A receipt is asked for at once, then again after this: the default is some seconds.
const POLL_MS = 2;
const KEPT = 1n; // what the locks own from the start

export const programs = async (installed, raws, keys) => {
  const viem = await import(pathToFileURL(installed.resolve("viem")));
  const signers = await signersOf(installed, keys);
  const abi = viem.parseAbi(ABI);
  const calls = new Map(); // by the raw transaction that says the same
  for (const raw of raws) {
    const { to, data } = viem.parseTransaction(raw);
    const sender = await viem.recoverTransactionAddress({ serializedTransaction: raw });
    const account = signers.get(sender) ?? sender;
    calls.set(raw, { account, address: to, abi, ...viem.decodeFunctionData({ abi, data }) });
  }

  const addresses = [...calls.values()].map(({ account }) => account.address ?? account);
  const accounts = [...new Set(addresses)];

  // A program on one chain; `reach` makes viem's transport to it.
  const on = (chainId, reach) => {
    const chain = chainOf(viem, chainId);
    const options = { chain, transport: reach(viem), pollingInterval: POLL_MS, cacheTime: 0 };
    const wallet = viem.createWalletClient(options);
    const client = viem.createPublicClient(options);

    const succeeded = async (hash) => {
      const receipt = await client.waitForTransactionReceipt({ hash });
      if (receipt.status !== "success") throw new Error(`a transaction failed: ${hash}`);
    };

    return {
      request: (method, ...params) => client.request({ method, params }),
      submit: (raw) => wallet.writeContract(calls.get(raw)),
      succeeded,
      setUp: async (raws) => {
        for (const serializedTransaction of raws) {
          await succeeded(await client.sendRawTransaction({ serializedTransaction }));
        }
      },
      delivered: async (locks) => {
        const owed = new Map();
        for (const lock of locks) {
          const { address, args } = calls.get(lock);
          const [, receiver, token, amount] = args;
          owed.set(receiver, { token, amount: (owed.get(receiver)?.amount ?? 0n) + amount });
          owed.set(address, { token, amount: KEPT });
        }
        for (const [owner, { token, amount }] of owed) {
          const call = { address: token, abi, functionName: "balanceOf", args: [owner] };
          const owned = await client.readContract(call);
          if (owned !== amount) throw new Error(`${owner} owns ${owned} instead of ${amount}`);
        }
      },
    };
  };
  return { accounts, on };
};
