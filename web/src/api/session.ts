// SPDX-License-Identifier: Apache-2.0
//
// Who sits in front of the page.
import { signal } from '@preact/signals';

import { get, Problem, send, setCsrf } from './client';
import type { Session } from './types';

/** `undefined` until the server has answered, `null` where nobody is logged in. */
export const session = signal<Session | null | undefined>(undefined);

/** From now on the page is this log-in's. */
export function takeSession(entered: Session): void {
	setCsrf(entered.csrf ?? '');
	session.value = entered;
}

/** The log-in has ended, here or at the server. */
export function leave(): void {
	setCsrf('');
	session.value = null;
}

/** Do the reader's roles allow this act to anything at all? */
export function mayEver(act: string): boolean {
	return session.value?.acts.includes(act) ?? false;
}

export async function askWhoIAm(): Promise<void> {
	try {
		takeSession(await get<Session>('/session'));
	} catch {
		leave();
	}
}

export async function logIn(login: string, password: string): Promise<void> {
	takeSession(await send<Session>('POST', '/session', { login, password }));
}

/** Ends the log-in at the server; that it ended there already is no problem. */
export async function logOut(): Promise<void> {
	try {
		await send<void>('DELETE', '/session');
	} catch (problem) {
		if (!(problem instanceof Problem && problem.status === 401)) {
			throw problem;
		}
	}
}

/** Ends every log-in of whoever sits here, in this browser and all others. */
export async function logOutEverywhere(): Promise<void> {
	await send<void>('DELETE', '/session?everywhere=true');
}
