// SPDX-License-Identifier: Apache-2.0
//
// What a page is: its folder exports one of these (see pages/index.ts).
import type { ComponentType } from 'preact';

import type { Session } from '../api/types';

export interface PageProps {
	/** The words that stand for {id} and others in the page's path. */
	words: Record<string, string>;
}

export interface Page {
	/** "/ho-so/{id}"; api/routes.c has a row with the same path. */
	path: string;
	/** Anybody may open it; otherwise a log-in is asked for. */
	isPublic?: boolean;
	/** Its places in the navigation, for whoever is logged in. */
	links?(session: Session): Link[];
	/** The page's code, fetched when it is first opened. */
	load(): Promise<{ default: ComponentType<PageProps> }>;
}

export interface Link {
	href: string;
	text: string;
}
