// SPDX-License-Identifier: Apache-2.0
//
// A sealed container (ASiC-E, docs/archive-format.md): every byte belongs to a
// file, every file is as the signed manifest says, the signature fits the
// manifest, the receipts lead to a checkpoint of the log and name the records.
import { hexOf, isEqual } from './bytes';
import { checkSignature, checkTimestamp, falseReasons, type Signed, Unable, unprovedReasons } from './cms';
import { Broken, type Findings } from './findings';
import { newHasher } from './hash';
import { readJson } from './json';
import { type Manifest, readManifest, type Reference } from './manifest';
import { type Checkpoint, knowsEd25519, type LogKey, openCheckpoint, peekCheckpoint } from './note';
import { isLogged, readReceipt, RECEIPT_LONGEST } from './receipt';
import { pour, readWhole } from './pour';
import { checkProfile } from './profile';
import { type Entry, openZip, type Source, type Zip } from './zip';

const MIMETYPE = 'application/vnd.etsi.asic-e+zip';
const XML_LONGEST = 16 << 20;
const SIGNATURE_LONGEST = 4 << 20;
const SUMS = 'SHA256SUMS';
const RECEIPTS = '/metadata/other/receipts/';
const RECORDS = '/metadata/other/records/';
const weak = new Set(['SHA-1', 'SHA-224']);

export interface Question {
	key: LogKey | null;
	/** Of `total` bytes so many have been read. */
	progress(done: number, total: number): void;
}

/** The SHA-256 of each record that an event tells of. */
function sumsOf(event: unknown): string[] {
	const { also } = Object(event) as { also?: unknown };

	return [event, ...(Array.isArray(also) ? also : [])].flatMap((one) => {
		const { sha256 } = Object(one) as { sha256?: unknown };

		return typeof sha256 === 'string' ? sha256 : [];
	});
}

class Check {
	private readonly source: Source;
	private readonly findings: Findings;
	private readonly question: Question;
	private zip!: Zip;
	private readonly manifests: { name: string; bytes: Uint8Array; manifest: Manifest }[] = [];
	private readonly references = new Map<Entry, Reference[]>();
	/** SHA-256 of each file that could be read. */
	private readonly sums = new Map<Entry, string>();
	/** It says to be sealed by hoso, which writes in one form alone. */
	private isOurs = false;
	private done = 0;

	constructor(source: Source, findings: Findings, question: Question) {
		this.source = source;
		this.findings = findings;
		this.question = question;
	}

	/** A small file; null where it is damaged, which is told. */
	private async read(entry: Entry, longest: number): Promise<Uint8Array | null> {
		try {
			return await readWhole(this.source, entry, longest);
		} catch (thrown) {
			this.findings.addThrown('file.unreadable', thrown, entry.name);
			return null;
		}
	}

	private async checkMimetype(): Promise<void> {
		const entry = this.zip.find('mimetype');
		const isFirst = entry !== undefined && entry === this.zip.entries[0];
		const bytes = entry && entry.size <= 256 ? await this.read(entry, 256) : null;
		const text = bytes && new TextDecoder().decode(bytes);

		if (!isFirst) {
			this.findings.add('structure.loose', 'mimetype', '', 'mimetype.place');
		}
		if (entry !== undefined && (isFirst ? text : text?.trimEnd()) !== MIMETYPE) {
			this.findings.add('mimetype.wrong', 'mimetype');
		}
	}

	private note(manifest: Manifest): void {
		for (const reference of manifest.references) {
			const entry = this.zip.find(reference.name) ?? this.zip.find(reference.uri);

			if (entry === undefined) {
				this.findings.add('file.missing', reference.name);
				continue;
			}
			if (weak.has(reference.algorithm)) {
				this.findings.add('digest.weak', reference.name, reference.algorithm);
			}
			this.references.set(entry, [...(this.references.get(entry) ?? []), reference]);
		}
	}

	private async readManifests(): Promise<void> {
		let isThere = false;

		for (const entry of this.zip.entries) {
			if (!/^META-INF\/ASiCManifest[^/]*\.xml$/.test(entry.name)) {
				continue;
			}
			const bytes = await this.read(entry, XML_LONGEST);

			isThere = true;
			try {
				if (bytes !== null) {
					const manifest = readManifest(bytes);

					this.manifests.push({ name: entry.name, bytes, manifest });
					this.note(manifest);
				}
			} catch (thrown) {
				this.findings.addThrown('manifest.broken', thrown, entry.name);
			}
		}
		if (!isThere) {
			this.findings.add('manifest.missing');
		}
	}

	/** By its name a part of the container, which nothing need protect. */
	private static isPart(name: string): boolean {
		return name === 'mimetype' || /^META-INF\/[^/]*ASiC[^/]*Manifest[^/]*\.xml$/.test(name) ||
			/^META-INF\/[^/]*(signature[^/]*\.p7s|timestamp[^/]*\.tst|evidencerecord[^/]*\.(ers|xml))$/.test(name);
	}

	private async hashFile(entry: Entry): Promise<boolean> {
		const references = this.references.get(entry) ?? [];
		const hashers = new Map(
			['SHA-256', ...references.map((one) => one.algorithm)].map((name) => [name, newHasher(name)]),
		);

		try {
			await pour(this.source, entry, (piece) => {
				for (const hasher of hashers.values()) {
					hasher.update(piece);
				}
				this.done += entry.size > 0 ? piece.length * (entry.packed / entry.size) : 0;
				this.question.progress(this.done, this.source.size);
			});
		} catch (thrown) {
			const isUnable = thrown instanceof Broken && thrown.why === 'zip.inflate';

			this.findings.addThrown(isUnable ? 'file.unexamined' : 'file.unreadable', thrown, entry.name);
			return isUnable;
		}
		const sums = new Map([...hashers].map(([name, hasher]) => [name, hasher.digest()]));

		this.sums.set(entry, hexOf(sums.get('SHA-256')!));
		const wrong = references.filter((one) => !isEqual(one.digest, sums.get(one.algorithm)!));

		for (const { algorithm } of wrong) {
			this.findings.add('file.changed', entry.name, algorithm);
		}
		return wrong.length === 0;
	}

	private async checkFiles(): Promise<void> {
		let isGood = true;
		let count = 0;

		for (const entry of this.zip.entries) {
			isGood = (await this.hashFile(entry)) && isGood;
			if (this.references.has(entry)) {
				count++;
			} else if (!entry.isFolder && !Check.isPart(entry.name)) {
				this.findings.add('file.unprotected', entry.name);
				isGood = false;
			}
		}
		if (isGood && count > 0 && !this.findings.list.some((one) => one.code === 'file.missing')) {
			this.findings.add('files.intact', '', String(count));
		}
	}

	/** SHA256SUMS names the same files with the same digests as the manifest. */
	private async checkSums(): Promise<void> {
		const entry = this.zip.find(SUMS);
		const bytes = entry && (await this.read(entry, XML_LONGEST));
		const named = new Set<string>();
		let isGood = true;

		if (!bytes) {
			return;
		}
		for (const line of new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n')) {
			const parts = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);

			if (parts === null) {
				this.findings.add('list.broken', SUMS);
				return;
			}
			const file = this.zip.find(parts[2]!);

			named.add(parts[2]!);
			if (file === undefined || this.sums.get(file) !== parts[1]) {
				this.findings.add('list.differs', SUMS, parts[2]);
				isGood = false;
			}
		}
		for (const { name } of this.references.keys()) {
			if (name !== SUMS && !named.has(name)) {
				this.findings.add('list.differs', SUMS, name);
				isGood = false;
			}
		}
		if (isGood) {
			this.findings.add('lists.agree');
		}
	}

	// --- signatures ----------------------------------------------------------------

	private async checkTimestamps(name: string, signed: Signed): Promise<void> {
		for (const token of signed.timestamps) {
			try {
				const at = await checkTimestamp(token, signed.value);

				this.findings.add('timestamp.covers', name, at === null ? '' : String(at));
			} catch (thrown) {
				this.findings.addThrown(
					thrown instanceof Unable ? 'timestamp.unexamined' : 'timestamp.false', thrown, name,
				);
			}
		}
	}

	private tellSignature(name: string, thrown: unknown): void {
		const why = thrown instanceof Broken ? thrown.why : '';

		this.findings.addThrown(
			thrown instanceof Unable && !(this.isOurs && why === 'cms.ber') ? 'signature.unexamined'
			: falseReasons.has(why) ? 'signature.false'
			: unprovedReasons.has(why) ? 'signature.unproved'
			: 'signature.broken',
			thrown, name,
		);
	}

	private async checkManifest(manifest: Manifest, content: Uint8Array, from: string): Promise<void> {
		const name = manifest.signature;
		const entry = this.zip.find(name);

		if (entry === undefined || !Check.isPart(name)) {
			this.findings.add('signature.missing', from, name);
			return;
		}
		if (!name.endsWith('.p7s')) {
			this.findings.add('evidence.unchecked', name);
			return;
		}
		const bytes = await this.read(entry, SIGNATURE_LONGEST);

		if (bytes === null) {
			return;
		}
		try {
			const signed = await checkSignature(bytes, content);

			this.findings.add('signature.valid', name);
			this.findings.add('signer', name, signed.certificate.subject);
			if (signed.claimedAt !== null) {
				this.findings.add('time.claimed', name, String(signed.claimedAt));
			}
			if (weak.has(signed.digest)) {
				this.findings.add('digest.weak', name, signed.digest);
			}
			if (manifest.isStamped && signed.timestamps.length === 0) {
				this.findings.add('timestamp.missing', name);
			}
			await this.checkTimestamps(name, signed);
		} catch (thrown) {
			this.tellSignature(name, thrown);
		}
	}

	private async checkSignatures(): Promise<void> {
		const named = new Set(this.manifests.map(({ manifest }) => manifest.signature));

		for (const { name, bytes, manifest } of this.manifests) {
			await this.checkManifest(manifest, bytes, name);
		}
		for (const { name } of this.zip.entries) {
			if (Check.isPart(name) && /\.(p7s|tst|ers|xml)$/.test(name) && !named.has(name) &&
				!this.manifests.some((one) => one.name === name)) {
				this.findings.add('evidence.unchecked', name);
			}
		}
	}

	// --- receipts --------------------------------------------------------------------

	/** All receipts of a container share one checkpoint: it is opened once. */
	private readonly opened = new Map<string, Checkpoint | null>();

	private async open(note: string, member: string): Promise<Checkpoint | null> {
		const { key } = this.question;

		if (!this.opened.has(note)) {
			try {
				const isAble = key !== null && (await knowsEd25519());
				const checkpoint = isAble ? await openCheckpoint(note, key) : peekCheckpoint(note);
				const where = `${checkpoint.origin}, ${checkpoint.size}`;

				if (isAble) {
					this.findings.add('checkpoint.valid', '', where);
				} else {
					this.findings.add('checkpoint.unexamined', '', where, key === null ? 'key.none' : 'key.unknown');
				}
				this.opened.set(note, checkpoint);
			} catch (thrown) {
				this.findings.addThrown('checkpoint.false', thrown, member);
				this.opened.set(note, null);
			}
		}
		return this.opened.get(note) ?? null;
	}

	/** The SHA-256 of the records that the leaf of this receipt tells of. */
	private async told(entry: Entry): Promise<string[] | null> {
		const bytes = await this.read(entry, RECEIPT_LONGEST);

		if (bytes === null) {
			return null;
		}
		try {
			const receipt = readReceipt(bytes);
			const checkpoint = await this.open(receipt.checkpoint, entry.name);

			if (checkpoint === null) {
				return null;
			}
			if (!(await isLogged(receipt, checkpoint))) {
				this.findings.add('receipt.not-logged', entry.name, String(receipt.index));
				return null;
			}
			return sumsOf(readJson(new TextEncoder().encode(receipt.leaf)));
		} catch (thrown) {
			this.findings.addThrown('receipt.broken', thrown, entry.name);
			return null;
		}
	}

	private checkRecords(told: Set<string>): void {
		const records = this.zip.entries.filter((entry) => !entry.isFolder && entry.name.includes(RECORDS));
		const unlogged = records.filter((entry) => !told.has(this.sums.get(entry) ?? ''));

		for (const { name } of unlogged) {
			this.findings.add('record.unlogged', name);
		}
		if (records.length > 0 && unlogged.length === 0) {
			this.findings.add('records.logged', '', String(records.length));
		}
	}

	private async checkReceipts(): Promise<void> {
		const receipts = this.zip.entries.filter((entry) => !entry.isFolder && entry.name.includes(RECEIPTS));
		const told = new Set<string>();
		let proved = 0;

		if (receipts.length === 0) {
			this.findings.add('receipts.missing');
			return;
		}
		for (const entry of receipts) {
			const sums = await this.told(entry);

			if (sums !== null) {
				proved++;
				sums.forEach((sum) => told.add(sum));
			}
		}
		if (proved === receipts.length) {
			this.findings.add('receipts.logged', '', String(proved));
		}
		this.checkRecords(told);
	}

	// --- all of it ----------------------------------------------------------------------

	async run(): Promise<void> {
		try {
			this.zip = await openZip(this.source, this.findings);
		} catch (thrown) {
			this.findings.addThrown('structure.broken', thrown);
			return;
		}
		this.isOurs = this.zip.find(SUMS) !== undefined;

		if (!this.isOurs && !this.zip.entries.some((entry) => /^META-INF\/ASiCManifest/.test(entry.name))) {
			this.findings.add('container.kind');
			return;
		}
		if (this.isOurs) {
			await checkProfile(this.source, this.zip, this.findings);
		}
		if (this.findings.failed === 0) {
			this.findings.add('structure.ok');
		}
		await this.checkMimetype();
		await this.readManifests();
		await this.checkFiles();
		await this.checkSums();
		await this.checkReceipts();
		await this.checkSignatures();
	}
}

export function checkContainer(source: Source, findings: Findings, question: Question): Promise<void> {
	return new Check(source, findings, question).run();
}
