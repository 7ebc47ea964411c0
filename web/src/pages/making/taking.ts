// SPDX-License-Identifier: Apache-2.0
//
// A file that has come becomes a component of its dossier, also while another
// page is shown.
import { signal } from '@preact/signals';

import { send } from '../../api/client';
import type { Changed, Dossier } from '../../api/types';
import { type Sending, takeWhole } from '../../parts/uploads/uploads';

const WORD = 'dossier';

/** The last component that was added so. */
export const added = signal<Changed<Dossier> | undefined>(undefined);

/** Where files of a component go; neither an id nor a code has a stroke. */
export function placeOf(dossier: string, code: string): string {
	return `${WORD}/${dossier}/${code}`;
}

export function isFor({ place }: Sending, dossier: string): boolean {
	return place.startsWith(placeOf(dossier, ''));
}

/** The dossier names the upload; the same upload twice is once. */
takeWhole(WORD, async ({ place, name, type, upload }) => {
	const [, dossier, code] = place.split('/') as [string, string, string];

	added.value = await send<Changed<Dossier>>(
		'POST',
		`/dossiers/${encodeURIComponent(dossier)}/components`,
		{ code, attachment: { name, media_type: type, upload } },
		{ key: `component-${upload}` },
	);
});
