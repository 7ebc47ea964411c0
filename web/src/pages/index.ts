// SPDX-License-Identifier: Apache-2.0
//
// All pages, in the order of the navigation.
import type { Session } from '../api/types';
import { match } from '../shell/address';
import type { Page } from '../shell/page';
import { adminPages } from './admin/pages';
import { charts } from './charts';
import { decide } from './decide';
import { decision } from './decision';
import { decisions } from './decisions';
import { documentPage } from './document';
import { documentEdit, documentNew } from './document-form';
import { documents } from './documents';
import { dossier } from './dossier';
import { figures } from './figures';
import { grants } from './grants';
import { logIn } from './log-in';
import { making, makingNew } from './making';
import { ranking } from './ranking';
import { reorganise } from './reorganise';
import { report } from './report';
import { unit } from './unit';
import { unitEdit, unitNew } from './unit-form';
import { units } from './units';
import { verify } from './verify';
import { hasWork, work } from './work';

export const pages: Page[] = [work, units, unitNew, unit, unitEdit, reorganise, dossier, makingNew, making, decide, decisions, decision, documents, documentNew, documentPage, documentEdit, report, figures, charts, ranking, grants, ...adminPages, verify, logIn];

/** Where "/" and a log-in without another aim lead. */
export function firstOf(session: Session): string {
	return hasWork(session) ? work.path : units.path;
}

/** The page at an address, and what stands for {id} and others there. */
export function find(path: string): { page: Page; words: Record<string, string> } | undefined {
	for (const page of pages) {
		const words = match(page.path, path);

		if (words !== null) {
			return { page, words };
		}
	}
	return undefined;
}
