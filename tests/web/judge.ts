// SPDX-License-Identifier: Apache-2.0
//
// The browser's checks of containers and receipts beside those of `hoso
// verify`, which shares no line with them: each copy with something changed
// is bad for both or for neither, and nothing makes the checks fall over.
// A line for each disagreement, and one with what was counted:
//
//     judge.mjs HOSO KEY SCRATCH CONTAINER COPIES SEED
//     judge.mjs HOSO KEY SCRATCH RECEIPT COPIES SEED
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { checkContainer } from '../../web/src/proof/container';
import { Findings } from '../../web/src/proof/findings';
import { readLogKey } from '../../web/src/proof/note';
import { checkReceipt } from '../../web/src/proof/receipt';

const [hoso, keyFile, scratch, file, copies, first] = process.argv.slice(2) as string[];
const key = await readLogKey(readFileSync(keyFile!, 'utf8'));
const good = new Uint8Array(readFileSync(file!));
const isContainer = good[0] === 0x50;
let seed = Number(first);

function below(limit: number): number {
	seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
	return Math.floor((seed / 2 ** 32) * limit);
}

async function ours(bytes: Uint8Array): Promise<string[]> {
	const findings = new Findings();

	if (isContainer) {
		const source = {
			size: bytes.length,
			async read(offset: number, length: number) {
				if (offset < 0 || offset + length > bytes.length) {
					throw new Error(`read beyond the file: ${offset} ${length}`);
				}
				return bytes.slice(offset, offset + length);
			},
		};

		await checkContainer(source, findings, { key, progress() {} });
	} else {
		await checkReceipt(findings, bytes, key);
	}
	return findings.list.filter((one) => one.grade === 'failed').map((one) => one.code);
}

function theirs(bytes: Uint8Array): string[] {
	const copy = join(scratch!, isContainer ? 'copy.asice' : 'copy.json');

	writeFileSync(copy, bytes);
	const ended = spawnSync(hoso!, [isContainer ? 'verify' : 'verify-receipt', copy, '--key', keyFile!, '--json'],
		{ encoding: 'utf8' });
	const said = JSON.parse(ended.stdout) as { findings: { grade: string; code: string }[] };

	return said.findings.filter((one) => one.grade === 'failed').map((one) => one.code);
}

interface Member {
	name: string;
	central: number;
	local: number;
	data: number;
	size: number;
}

function membersOf(bytes: Uint8Array): Member[] {
	const view = new DataView(bytes.buffer);
	const end = bytes.length - 22;
	const members: Member[] = [];
	let at = view.getUint32(end + 16, true);

	for (let i = 0; i < view.getUint16(end + 10, true); i++) {
		const name = view.getUint16(at + 28, true);
		const local = view.getUint32(at + 42, true);

		members.push({
			name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)),
			central: at,
			local,
			data: local + 30 + name,
			size: view.getUint32(at + 24, true),
		});
		at += 46 + name;
	}
	return members;
}

/** A byte of a member is another, and the ZIP is made to agree. */
function repack(bytes: Uint8Array): string {
	const members = membersOf(bytes);
	// Half of them: what no digest covers.
	const open = members.filter((one) => /^(META-INF|mimetype)/.test(one.name));
	const member = below(2) === 0 ? open[below(open.length)]! : members[below(members.length)]!;
	const at = member.data + below(member.size);
	const view = new DataView(bytes.buffer);

	bytes[at]! ^= 1 + below(255);
	const sum = crc32(bytes.subarray(member.data, member.data + member.size));

	view.setUint32(member.local + 14, sum, true);
	view.setUint32(member.central + 16, sum, true);
	return `${member.name} at ${at - member.data}`;
}

function change(): { bytes: Uint8Array; what: string } {
	const at = below(good.length);
	const bytes = good.slice();

	switch (below(isContainer ? 8 : 4)) {
	case 0:
		return { bytes: good.slice(0, at), what: `cut at ${at}` };
	case 1: {
		const longer = new Uint8Array(good.length + 1);

		longer.set(good.subarray(0, at));
		longer[at] = below(256);
		longer.set(good.subarray(at), at + 1);
		return { bytes: longer, what: `a byte more at ${at}` };
	}
	case 2:
	case 3:
		bytes[at]! ^= 1 << below(8);
		return { bytes, what: `a bit at ${at}` };
	default:
		return { bytes, what: repack(bytes) };
	}
}

const counts = { bad: 0, good: 0, other: 0 };

if ((await ours(good)).length > 0 || theirs(good).length > 0) {
	console.log(`${file}: bad as it is: ${await ours(good)}; ${theirs(good)}`);
}
for (let i = 0; i < Number(copies); i++) {
	const { bytes, what } = change();
	const [a, b] = [await ours(bytes), theirs(bytes)];

	if (a.length > 0 !== b.length > 0) {
		console.log(`${what}: the browser says ${a.join() || 'good'}, hoso ${b.join() || 'good'}`);
	}
	counts[a.length > 0 ? 'bad' : 'good']++;
	counts.other += a[0] === b[0] ? 0 : 1;
}
console.log(`counted ${counts.bad} bad, ${counts.good} good, ${counts.other} by another name`);
