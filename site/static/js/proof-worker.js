// ALTCHA's first kind of puzzle: find the number n ≤ maxNumber for which SHA-256(salt + n) is the challenge.
// An own synchronous SHA-256: many short hashes are faster so than through crypto.subtle's promises, and it
// also works where the page is no secure context. Answers with n, or null when there is none.
"use strict";

const K = new Int32Array(64);
const START = new Int32Array(8);
(function () {
  // The first 32 bits of the fractional parts of cube and square roots of the primes, as FIPS 180-4 defines them.
  const fraction = function (x) { return ((x - Math.floor(x)) * 4294967296) | 0; };
  for (let n = 2, i = 0; i < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (i < 8) START[i] = fraction(Math.sqrt(n));
    K[i++] = fraction(Math.cbrt(n));
  }
})();

const W = new Int32Array(64);

function block(state, bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function solve(puzzle) {
  const salt = new TextEncoder().encode(puzzle.salt);
  const wanted = new Int32Array(8);
  for (let i = 0; i < 8; i++) wanted[i] = parseInt(puzzle.challenge.slice(i * 8, i * 8 + 8), 16) | 0;
  const limit = Number(puzzle.maxNumber || puzzle.maxnumber || 1000000);
  const whole = salt.length - (salt.length % 64);
  const head = new Int32Array(START);
  for (let at = 0; at < whole; at += 64) block(head, salt, at);
  const tail = salt.subarray(whole);
  const bytes = new Uint8Array(128);
  const state = new Int32Array(8);
  for (let n = 0; n <= limit; n++) {
    const digits = String(n);
    bytes.fill(0);
    bytes.set(tail);
    let length = tail.length;
    for (let i = 0; i < digits.length; i++) bytes[length++] = digits.charCodeAt(i);
    bytes[length] = 128;
    const end = length < 56 ? 64 : 128;
    const bits = (whole + length) * 8;
    bytes[end - 1] = bits & 255;
    bytes[end - 2] = (bits >>> 8) & 255;
    bytes[end - 3] = (bits >>> 16) & 255;
    state.set(head);
    block(state, bytes, 0);
    if (end === 128) block(state, bytes, 64);
    let i = 0;
    while (i < 8 && state[i] === wanted[i]) i++;
    if (i === 8) return n;
  }
  return null;
}

self.onmessage = function (event) {
  const puzzle = event.data;
  self.postMessage(puzzle.algorithm === "SHA-256" ? solve(puzzle) : null);
};
