// SPDX-License-Identifier: Apache-2.0
//
// The one way to the server.  An answer is what was asked for, or a Problem
// that says in the reader's language what is wrong.
import { language, say } from '../words/words';
import type { Missing } from './types';

const BASE = '/api/v1';

/** A refusal (RFC 9457), or a line that broke: then `status` is 0. */
export class Problem extends Error {
	readonly status: number;
	readonly detail: string;
	readonly field: string;
	/** What there is more to say: the components that are missing. */
	readonly details: { missing?: Missing[] } | undefined;

	constructor(status: number, title: string, detail = '', field = '', details?: { missing?: Missing[] }) {
		super(title);
		this.status = status;
		this.detail = detail;
		this.field = field;
		this.details = details;
	}
}

/** What proves to the server that a change comes from this page. */
let csrf = '';

export function setCsrf(token: string): void {
	csrf = token;
}

/** What a request that does not go through here must carry. */
export function headersOfAChange(): Record<string, string> {
	return csrf === '' ? {} : { 'X-CSRF-Token': csrf };
}

/** The address of a file that the browser downloads by itself. */
export function addressOf(path: string): string {
	return BASE + path;
}

/** "/units" with those of the parameters that have a value. */
export function withQuery(path: string, parameters: Record<string, string | undefined>): string {
	const query = new URLSearchParams();

	for (const [name, value] of Object.entries(parameters)) {
		if (value) {
			query.set(name, value);
		}
	}
	const text = query.toString();
	return text === '' ? path : `${path}?${text}`;
}

async function problemOf(answer: Response): Promise<Problem> {
	try {
		const said = await answer.json();
		return new Problem(answer.status, said.title, said.detail, said.field, said.details);
	} catch {
		return new Problem(answer.status, say('problem.unreadable'));
	}
}

async function ask(path: string, request: RequestInit): Promise<Response> {
	const headers = new Headers(request.headers);
	let answer: Response;

	headers.set('Accept-Language', language.value);
	if (request.method !== 'GET') {
		for (const [name, value] of Object.entries(headersOfAChange())) {
			headers.set(name, value);
		}
	}
	try {
		answer = await fetch(BASE + path, { ...request, headers });
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') {
			throw error;
		}
		throw new Problem(0, say('problem.line'));
	}
	if (!answer.ok) {
		throw await problemOf(answer);
	}
	return answer;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
	const answer = await ask(path, { method: 'GET', signal: signal ?? null });

	return answer.json();
}

/** A file that the page itself hands on, so that a refusal can be told. */
export async function getFile(path: string): Promise<Blob> {
	const answer = await ask(path, { method: 'GET' });

	return answer.blob();
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Sending {
	/** The revision that was read: who was quicker is told by 412. */
	rev?: number;
	/** Sent again with the same key, it is done once. */
	key?: string;
}

/** A word that nobody else uses; `crypto.randomUUID` is there over HTTPS alone. */
export function newKey(): string {
	return [...crypto.getRandomValues(new Uint8Array(16))]
		.map((byte) => byte.toString(16).padStart(2, '0'))
		.join('');
}

/** A change; T is `undefined` where the answer has no content. */
export async function send<T>(method: Method, path: string, body?: unknown, sending: Sending = {}): Promise<T> {
	const headers = new Headers();
	const request: RequestInit = { method, headers };

	if (body instanceof FormData) {
		request.body = body; // the browser names the boundary
	} else if (body instanceof Blob) {
		request.body = body;
		headers.set('Content-Type', body.type || 'application/octet-stream');
	} else if (body !== undefined) {
		request.body = JSON.stringify(body);
		headers.set('Content-Type', 'application/json');
	}
	if (sending.rev !== undefined) {
		headers.set('If-Match', `"${sending.rev}"`);
	}
	if (sending.key !== undefined) {
		headers.set('Idempotency-Key', sending.key);
	}
	const text = await (await ask(path, request)).text();

	return text === '' ? (undefined as T) : JSON.parse(text);
}
