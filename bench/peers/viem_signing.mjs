// Send what a raw transaction says once more, signed by viem while the clock runs. Gas limit and price
// are given, so that nothing is estimated; the nonce is asked for.

import { pathToFileURL } from "node:url";
import { chainOf, signersOf } from "./viem_accounts.mjs";

export const wallets = async (installed, keys) => {
  const viem = await import(pathToFileURL(installed.resolve("viem")));
  const signers = await signersOf(installed, keys);
  const calls = new Map(); // by the raw transaction: who calls what
  const clients = new Map(); // by the chain's provider

  const clientOf = (provider, chainId) => {
    if (!clients.has(provider)) {
      const chain = chainOf(viem, chainId);
      const transport = viem.custom(provider);
      clients.set(provider, viem.createWalletClient({ chain, transport }));
    }
    return clients.get(provider);
  };

  return {
    learn: async (raws) => {
      for (const raw of raws) {
        const { to, data, gas, chainId } = viem.parseTransaction(raw);
        const sender = await viem.recoverTransactionAddress({ serializedTransaction: raw });
        calls.set(raw, { chainId, account: signers.get(sender), to, data, gas });
      }
    },
    send: (provider, raw) => {
      const { chainId, ...call } = calls.get(raw);
      return clientOf(provider, chainId).sendTransaction({ ...call, gasPrice: 0n, type: "legacy" });
    },
  };
};
