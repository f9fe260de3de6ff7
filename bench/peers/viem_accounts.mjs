// What both ways of using viem need: the chain as it is told of it, and the keys by address.

import { pathToFileURL } from "node:url";

export const chainOf = (viem, id) =>
  viem.defineChain({
    id,
    name: "peer",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });

export const signersOf = async (installed, keys) => {
  const { privateKeyToAccount } = await import(pathToFileURL(installed.resolve("viem/accounts")));
  return new Map(keys.map(privateKeyToAccount).map((signer) => [signer.address, signer]));
};
