// SPDX-License-Identifier: Apache-2.0
//
// Where the reader is.  Links are ordinary links; those to pages of ours are
// followed without asking the server for the document again.
import { signal } from '@preact/signals';

function here(): URL {
	return new URL(window.location.href);
}

export const address = signal(here());

/** The reader has followed a link since the document came. */
export let hasMoved = false;

export function go(to: string, replace = false): void {
	if (replace) {
		history.replaceState(null, '', to);
	} else {
		history.pushState(null, '', to);
		window.scrollTo(0, 0);
	}
	hasMoved = true;
	address.value = here();
}

/** Changes what the address says of this page: members that are '' go. */
export function setQuery(changes: Record<string, string>): void {
	const url = here();

	for (const [name, value] of Object.entries(changes)) {
		if (value === '') {
			url.searchParams.delete(name);
		} else {
			url.searchParams.set(name, value);
		}
	}
	go(url.pathname + url.search, true);
}

export function query(name: string): string {
	return address.value.searchParams.get(name) ?? '';
}

function isPlainClick(event: MouseEvent): boolean {
	return (
		event.button === 0 &&
		!event.defaultPrevented &&
		!(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
	);
}

/** A link of a picture has its address in another form. */
function addressOf(link: HTMLAnchorElement | SVGAElement): URL {
	return new URL(link instanceof SVGAElement ? link.href.baseVal : link.href, location.href);
}

export function followLinks(): void {
	window.addEventListener('popstate', () => {
		address.value = here();
	});
	document.addEventListener('click', (event) => {
		const link: HTMLAnchorElement | SVGAElement | null =
			event.target instanceof Element ? event.target.closest('a') : null;

		if (link === null || !isPlainClick(event) || link.hasAttribute('download')) {
			return;
		}
		const to = addressOf(link);

		if (
			to.origin !== location.origin ||
			to.pathname.startsWith('/api/') ||
			(to.hash !== '' && to.pathname === location.pathname)
		) {
			return;
		}
		event.preventDefault();
		go(to.pathname + to.search);
	});
}

/** A part of a path as it was meant, or null where it is no text. */
function decode(part: string): string | null {
	try {
		return decodeURIComponent(part);
	} catch {
		return null;
	}
}

/**
 * A path of this page that came from outside, such as where a log-in leads;
 * anything else, and whatever a browser would read as another host, is "/".
 */
export function ownPath(wanted: string): string {
	try {
		const url = new URL(wanted, location.origin);
		const path = url.pathname + url.search;

		return wanted.startsWith('/') && url.origin === location.origin && !path.startsWith('//')
			? path
			: '/';
	} catch {
		return '/';
	}
}

/** The words that stand for `{id}` in "/ho-so/{id}", or null where it is another path. */
export function match(pattern: string, path: string): Record<string, string> | null {
	const wanted = pattern.split('/');
	const parts = path.split('/');
	const found: Record<string, string> = {};

	if (wanted.length !== parts.length) {
		return null;
	}
	for (const [i, word] of wanted.entries()) {
		const part = decode(parts[i]!);

		if (part === null) {
			return null;
		}
		if (!word.startsWith('{')) {
			if (word !== part) {
				return null;
			}
		} else if (part === '') {
			return null;
		} else {
			found[word.slice(1, -1)] = part;
		}
	}
	return found;
}
