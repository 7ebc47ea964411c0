// SPDX-License-Identifier: Apache-2.0
//
// Files on their way to the server, one after the other, by tus.  They go on
// while other pages are shown, and by themselves when the line is back.  Of
// each the browser keeps what the server calls it, so that whoever opens the
// page another day chooses the same file and goes on where it was.
//
// What a file is for is a place: words that its taker understands, the first
// of which names him.  Who gave a taker has each file at once when it is whole
// (takeWhole); where there is none it is `ready`, until a form names it.
import { effect, signal, untracked } from '@preact/signals';
import type { Upload } from 'tus-js-client';

import { addressOf, headersOfAChange, Problem } from '../../api/client';
import { leave, session } from '../../api/session';
import { language, say } from '../../words/words';
import { problemOf } from '../use-answer';
import { dropMark, keepMark, type Mark, marksOf, nameOf } from './marks';

/** What a broken line may cost, where something between here and the server
 * hands on whole requests only. */
const CHUNK = 16 << 20;
/** A line that brings nothing for so long is taken for broken. */
const SILENCE_MS = 30_000;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** A window that has a file says so that often, and is gone when it does not. */
const BEAT_MS = 1500;
const FRESH_MS = 2 * BEAT_MS + 1000;

export interface Sending extends Mark {
	state:
		| 'queued'
		| 'sending'
		/** The line is broken; tried again by itself. */
		| 'broken'
		| 'paused'
		/** The log-in has ended. */
		| 'locked'
		/** All bytes are there; its taker has it. */
		| 'adding'
		/** All bytes are there, for a form to name them. */
		| 'ready'
		| 'refused'
		/** The browser was closed meanwhile: the file is to be chosen again. */
		| 'parted';
	/** The server has all its bytes. */
	isWhole?: boolean;
	problem?: Problem;
	/** Milliseconds until it is tried again. */
	pause?: number;
	file?: File;
}

export const uploads = signal<Sending[]>([]);
/** Places with a file that another window sends, or sent until just now. */
export const awaited = signal<string[]>([]);

/** Makes something of a file that is whole; what it throws is told as a refusal. */
type Taker = (one: Sending) => Promise<void>;

const takers = new Map<string, Taker>();

/** From now on files whose place begins with this word go to him. */
export function takeWhole(word: string, taker: Taker): void {
	takers.set(word, taker);
}

function takerOf(one: Sending): Taker | undefined {
	return takers.get(one.place.split('/')[0]!);
}

interface Work {
	upload?: Upload;
	timer?: ReturnType<typeof setTimeout>;
	watch?: ReturnType<typeof setTimeout>;
	tries: number;
}

const works = new Map<string, Work>();

function workOf(id: string): Work {
	const found = works.get(id) ?? { tries: 0 };

	works.set(id, found);
	return found;
}

/* --- the list -------------------------------------------------------------- */

function drop(one: Sending): void {
	dropMark(one);
	works.delete(one.id);
	uploads.value = uploads.value.filter((other) => other.id !== one.id);
}

function find(id: string): Sending | undefined {
	return uploads.value.find((one) => one.id === id);
}

function change(id: string, changes: Partial<Sending>): void {
	uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...changes } : one));
}

/** Those for this place, in the order in which they were chosen. */
export function uploadsFor(place: string): Sending[] {
	return uploads.value.filter((one) => one.place === place);
}

/** Looks up what this user began and has not ended, in this browser. */
export function recallUploads(): void {
	const user = session.value?.user.id;
	const elsewhere: string[] = [];

	clearTimeout(lookingAgain);
	for (const mark of user ? marksOf(user) : []) {
		if (find(mark.id)) {
			continue;
		}
		if (mark.isReady || Date.now() - mark.alive > FRESH_MS) {
			uploads.value = [...uploads.value, { ...mark, state: mark.isReady ? 'ready' : 'parted' }];
		} else {
			elsewhere.push(mark.place);
		}
	}
	awaited.value = elsewhere;
	if (elsewhere.length > 0) {
		lookingAgain = setTimeout(recallUploads, FRESH_MS);
	}
}

let lookingAgain: ReturnType<typeof setTimeout> | undefined;

setInterval(() => {
	for (const one of uploads.peek()) {
		if (one.upload && (one.file || one.state === 'ready')) {
			keepMark({ ...one, alive: Date.now() });
		}
	}
}, BEAT_MS);

/* --- sending ----------------------------------------------------------------- */

function stopWork(id: string): void {
	const work = workOf(id);

	clearTimeout(work.timer);
	clearTimeout(work.watch);
	void work.upload?.abort();
	delete work.upload;
}

function startNext(): void {
	const isBusy = uploads.value.some((one) => one.state === 'sending' || one.state === 'adding');
	const next = uploads.value.find((one) => one.state === 'queued');

	if (!isBusy && next) {
		change(next.id, { state: 'sending' });
		void begin(next.id);
	}
}

/** Later, and each time after a longer while. */
function tryLater(id: string): void {
	const work = workOf(id);
	const pause = PAUSES_MS[Math.min(work.tries, PAUSES_MS.length - 1)]!;

	work.tries++;
	stopWork(id);
	change(id, { state: 'broken', pause });
	work.timer = setTimeout(() => resume(id), pause);
	startNext();
}

/** Of these a later try may come through, while bytes are sent. */
const passing = [408, 409, 423, 429];

/** What a refusal means for it. */
function stumble(id: string, problem: Problem): void {
	const isAdding = find(id)?.isWhole;

	if (problem.status === 401) {
		stopWork(id);
		change(id, { state: 'locked' });
		leave();
	} else if (problem.status === 0 || problem.status >= 500 || (!isAdding && passing.includes(problem.status))) {
		tryLater(id);
	} else {
		stopWork(id);
		change(id, { state: 'refused', problem });
		startNext();
	}
}

/** The server's refusal, as tus tells it; a line that broke has none. */
function refusalOf(error: Error): Problem {
	const answer = 'originalResponse' in error ? (error.originalResponse as Answer | null) : null;
	const status = answer?.getStatus() ?? 0;

	if (status === 0) {
		return new Problem(0, say('problem.line'));
	}
	try {
		const said = JSON.parse(answer!.getBody());

		return new Problem(status, said.title, said.detail, said.field);
	} catch {
		return new Problem(status, say('problem.unreadable'));
	}
}

interface Answer {
	getStatus(): number;
	getBody(): string;
}

/** Starts anew what has brought nothing for a while. */
function watch(id: string): void {
	const work = workOf(id);

	clearTimeout(work.watch);
	work.watch = setTimeout(() => tryLater(id), SILENCE_MS);
}

/** A file that was changed or taken away since it was chosen is not. */
async function isReadable(file: File): Promise<boolean> {
	try {
		await file.slice(0, 1).arrayBuffer();
		return true;
	} catch {
		return false;
	}
}

async function begin(id: string): Promise<void> {
	const one = find(id);
	const work = workOf(id);

	if (!one?.file) {
		return;
	}
	if (one.isWhole) {
		return handOn(id);
	}
	if (!(await isReadable(one.file))) {
		stumble(id, new Problem(400, say('upload.unreadable', { name: one.name })));
		return;
	}
	watch(id);
	try {
		const { Upload } = await import('tus-js-client');

		if (find(id)?.state !== 'sending') {
			return;
		}
		const upload: Upload = new Upload(one.file, optionsOf(id, one, () => work.upload === upload));

		work.upload = upload;
		upload.start();
	} catch {
		stumble(id, new Problem(0, say('problem.line'))); // the code did not come
	}
}

/**
 * Without `endpoint` where it has begun: a refusal must not begin it anew.
 * What was stopped, and still has something to say, is not heard.
 */
function optionsOf(id: string, one: Sending, isCurrent: () => boolean) {
	const place = new URL(addressOf('/uploads'), location.href).href;

	return {
		...(one.upload ? { uploadUrl: `${place}/${one.upload}` } : { endpoint: place }),
		chunkSize: CHUNK,
		retryDelays: null,
		storeFingerprintForResuming: false,
		metadata: { filename: one.name, filetype: one.type },
		onBeforeRequest: (request: { setHeader(name: string, value: string): void }) => {
			if (!isCurrent()) {
				throw new Error('stopped');
			}
			request.setHeader('Accept-Language', language.value);
			for (const [name, value] of Object.entries(headersOfAChange())) {
				request.setHeader(name, value);
			}
		},
		onUploadUrlAvailable: () => {
			const upload = workOf(id).upload?.url?.split('/').pop();

			if (upload && isCurrent() && find(id)) {
				change(id, { upload });
				keepMark({ ...find(id)!, alive: Date.now() });
			}
		},
		onProgress: (sent: number) => {
			if (!isCurrent()) {
				return;
			}
			watch(id);
			change(id, { offset: sent });
		},
		onChunkComplete: () => {
			workOf(id).tries = 0;
		},
		onSuccess: () => {
			if (isCurrent()) {
				change(id, { offset: one.size, isWhole: true });
				void handOn(id);
			}
		},
		onError: (error: Error) => {
			const problem = refusalOf(error);

			if (!isCurrent()) {
				return;
			}
			if (problem.status === 404 || problem.status === 410) {
				// It has expired there: what was sent of it is gone.
				change(id, { offset: 0 });
				forgetUpload(id);
				tryLater(id);
			} else {
				stumble(id, problem);
			}
		},
	};
}

function forgetUpload(id: string): void {
	uploads.value = uploads.value.map((one) => {
		if (one.id !== id) {
			return one;
		}
		const { upload: _, isWhole: __, isReady: ___, ...rest } = one;

		return rest;
	});
}

/** It is whole: its taker has it, or it waits for a form. */
async function handOn(id: string): Promise<void> {
	const one = find(id)!;
	const take = takerOf(one);

	stopWork(id);
	if (!take) {
		change(id, { state: 'ready', isReady: true });
		keepMark({ ...find(id)!, alive: Date.now() });
		startNext();
		return;
	}
	change(id, { state: 'adding' });
	try {
		await take(one);
		drop(one);
		startNext();
	} catch (thrown) {
		stumble(id, problemOf(thrown));
	}
}

/* --- what the reader does ------------------------------------------------------ */

function isSameFile(one: Mark, file: File): boolean {
	return one.name === file.name.normalize('NFC') && one.size === file.size && one.modified === file.lastModified;
}

/** A file for a place; one that was being sent before goes on. */
export function addFile(place: string, file: File): void {
	const user = session.value?.user.id ?? '';
	const parted = uploads.value.find(
		(one) =>
			one.state === 'parted' && one.user === user && one.place === place && isSameFile(one, file),
	);

	if (parted) {
		change(parted.id, { state: 'queued', file });
	} else {
		const one: Sending = {
			id: `${Date.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`,
			user,
			place,
			name: file.name.normalize('NFC'),
			type: file.type || 'application/octet-stream',
			size: file.size,
			modified: file.lastModified,
			offset: 0,
			alive: Date.now(),
			state: 'queued',
			file,
		};

		uploads.value = [...uploads.value, one];
	}
	startNext();
}

/** Goes on with the file that was chosen again; false where it is another one. */
export function goOn(id: string, file: File): boolean {
	const one = find(id);

	if (!one || !isSameFile(one, file)) {
		return false;
	}
	change(id, { state: 'queued', file });
	startNext();
	return true;
}

export function pause(id: string): void {
	stopWork(id);
	change(id, { state: 'paused' });
	startNext();
}

/** Goes on at once, before others. */
export function resume(id: string): void {
	clearTimeout(workOf(id).timer);
	if (find(id)?.file) {
		change(id, { state: 'queued' });
		startNext();
	}
}

/** A record has them: nothing of them is kept. */
export function letGo(taken: Sending[]): void {
	taken.forEach(drop);
}

/** The server does not have it any more: it is sent anew, when it is asked for. */
export function refuse(id: string, problem: Problem): void {
	forgetUpload(id);
	change(id, { state: find(id)?.file ? 'refused' : 'parted', problem, offset: 0 });
}

/** Given up, here and at the server; there it would also end by itself. */
export async function cancel(id: string): Promise<void> {
	const one = find(id);

	if (!one) {
		return;
	}
	stopWork(id);
	drop(one);
	startNext();
	if (one.upload) {
		const { Upload } = await import('tus-js-client');
		const place = new URL(addressOf(`/uploads/${one.upload}`), location.href).href;

		// What was stopped just now may be in the server's hands yet.
		await Upload.terminate(place, { ...optionsOf(id, one, () => true), retryDelays: PAUSES_MS.slice(0, 3) }).catch(
			() => undefined,
		);
	}
}

/* --- the line and the log-in ------------------------------------------------------ */

window.addEventListener('online', () => {
	for (const one of uploads.value) {
		if (one.state === 'broken') {
			resume(one.id);
		}
	}
});

/** What waited for a form, and was named by the same form in another window. */
window.addEventListener('storage', (event) => {
	uploads.value = uploads.value.filter(
		(one) => !(one.state === 'ready' && event.newValue === null && nameOf(one) === event.key),
	);
});

window.addEventListener('beforeunload', (event) => {
	if (uploads.value.some((one) => one.file && one.state !== 'ready')) {
		event.preventDefault(); // the browser asks whether it is meant
	}
});

let lastUser = session.peek()?.user.id;

/** The next user does not see what the last one was sending. */
function enter(user: string): void {
	if (user !== lastUser) {
		for (const one of uploads.value) {
			if (one.user !== user) {
				stopWork(one.id);
			}
		}
		uploads.value = uploads.value.filter((one) => one.user === user);
	}
	lastUser = user;
	for (const one of uploads.value) {
		if (one.state === 'locked') {
			resume(one.id);
		}
	}
}

effect(() => {
	const user = session.value?.user.id;

	if (user !== undefined) {
		untracked(() => enter(user));
	} // else whoever comes back goes on
});
