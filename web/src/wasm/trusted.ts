/** The one Trusted Types policy, `hanpyo`: it lets through the addresses of our own built workers, nothing else. */

interface Policy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

/** A path of this site that the build gave a worker, or that the development server gives one. */
const WORKER = import.meta.env.DEV ? /^\/@fs\// : /^\/assets\/[a-z-]+-[0-9a-f]{16}\.js$/;

function createScriptURL(url: string): string {
  if (!WORKER.test(url)) throw new TypeError(`${url} is no worker of this site`);
  return url;
}

let policy: Policy | null = null;

/** The address of a worker as `new Worker` wants it. A policy name can be used once, so this module is its only user. */
export function workerUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('hanpyo', { createScriptURL }) ?? { createScriptURL };
  return policy.createScriptURL(url);
}
