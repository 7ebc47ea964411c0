// SPDX-License-Identifier: Apache-2.0
//
// The files of a form: they are sent while it is filled in, and the form names
// them when it is sent itself.
import { useEffect, useState } from 'preact/hooks';

import type { Problem } from '../../api/client';
import { session } from '../../api/session';
import { awaited, letGo, recallUploads, refuse, type Sending, uploadsFor } from './uploads';

/** An attachment whose bytes the server has by an upload. */
export interface NewAttachment {
	name: string;
	media_type: string;
	upload: string;
}

export interface Files {
	place: string;
	coming: Sending[];
	/** All have come; none may have been chosen. */
	isReady: boolean;
	/** The form was sent before that. */
	isEarly: boolean;
	/** As a record names them; undefined tells the reader to wait for the rest. */
	take(): NewAttachment[] | undefined;
	/** A record has what was taken. */
	settle(): void;
}

/** Before whatever sends files is shown: what was begun, and the code for it. */
export function useUploads(): void {
	useEffect(() => {
		recallUploads();
		// Fetched while the line is there: it is needed when it comes back.
		import('tus-js-client').catch(() => undefined);
	}, [session.value]);
}

/** Which of the record's attachments is refused because its upload is gone. */
function goneAt(problem: Problem | undefined): number {
	const found = /^\/?attachments\/(\d+)\/upload$/.exec(problem?.field ?? '');

	return found ? Number(found[1]) : -1;
}

/** `problem` is the form's; `before` counts the attachments that stand before these. */
export function useFiles(place: string, problem: Problem | undefined, before = 0): Files {
	const [isEarly, setEarly] = useState(false);
	const coming = uploadsFor(place);
	const isReady = coming.every((one) => one.state === 'ready') && !awaited.value.includes(place);

	useUploads();
	useEffect(() => {
		const gone = coming[goneAt(problem) - before];

		if (problem && gone) {
			refuse(gone.id, problem);
		}
	}, [problem]);
	return {
		place,
		coming,
		isReady,
		isEarly: isEarly && !isReady,
		take() {
			setEarly(!isReady);
			return isReady
				? coming.map(({ name, type, upload }) => ({ name, media_type: type, upload: upload! }))
				: undefined;
		},
		settle: () => letGo(coming),
	};
}
