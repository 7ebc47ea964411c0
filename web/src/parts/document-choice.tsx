// SPDX-License-Identifier: Apache-2.0
//
// A document found by its number and symbol, which offices know it by; units
// begin their numbers anew every year, so there may be several.
import { useId, useState } from 'preact/hooks';

import { withQuery } from '../api/client';
import { nameOf } from '../api/laws';
import type { Day, DocumentRecord } from '../api/types';
import { formatDays, today } from '../words/format';
import { say } from '../words/words';
import { Answered } from './answered';
import { useAnswer } from './use-answer';

/** The day by whose names it speaks. */
export function dayOfDocument({ date }: DocumentRecord): Day {
	return typeof date === 'string' ? date : (date?.to ?? date?.from ?? today());
}

/** "Kế hoạch số 763/KH-UBND"; without a number what it is about. */
export function nameOfDocument({ kind, reference, subject, id }: DocumentRecord): string {
	const named = nameOf('document-kinds', kind);

	return reference ? say('document.named', { kind: named, reference }) : `${named}: ${subject ?? id}`;
}

/** As much of a document as it is told apart by. */
export type NamedDocument = Pick<DocumentRecord, 'id' | 'reference' | 'date' | 'subject'>;

/** "763/QĐ-UBND, 01/08/2025: Về việc …" */
export function textOfDocument(document: NamedDocument): string {
	const head = [document.reference ?? document.id, document.date && formatDays(document.date)].filter(Boolean).join(', ');

	return document.subject ? `${head}: ${document.subject}` : head;
}

/** `value` is what was chosen, null while nothing is. */
export function DocumentChoice({ label, value, kind, hint, onPick }: {
	label: string;
	value: NamedDocument | null;
	/** Of this kind alone: "QĐ". */
	kind?: string;
	hint?: string;
	onPick: (document: DocumentRecord | null) => void;
}) {
	const id = useId();
	const [typed, setTyped] = useState('');
	const [wanted, setWanted] = useState('');
	const answer = useAnswer<{ documents: DocumentRecord[] }>(
		wanted === '' ? null : withQuery('/documents', { reference: wanted }),
	);

	function search() {
		setWanted(typed.trim());
	}

	if (value) {
		return (
			<div class="field">
				<span>{label}</span>
				<p class="chosen">
					{textOfDocument(value)}{' '}
					<button type="button" onClick={() => onPick(null)}>
						{say('document.other')}
					</button>
				</p>
			</div>
		);
	}
	return (
		<div class="field">
			<label for={id}>{label}</label>
			<div class="field-row">
				<input
					id={id}
					name="reference"
					autocomplete="off"
					placeholder={say('document.reference.like')}
					value={typed}
					onInput={(event) => setTyped(event.currentTarget.value)}
					onKeyDown={(event) => {
						if (event.key === 'Enter') {
							event.preventDefault(); // it asks, and sends nothing
							search();
						}
					}}
				/>
				<button type="button" onClick={search}>
					{say('document.search')}
				</button>
			</div>
			{hint && <span class="hint">{hint}</span>}
			{wanted !== '' && (
				<Answered answer={answer}>
					{({ documents }) => {
						const rows = documents.filter((document) => !kind || document.kind === kind);

						return rows.length === 0 ? (
							<span class="hint" role="status">
								{say('document.none', { reference: wanted })}
							</span>
						) : (
							<ul class="plain" aria-label={say('document.found')}>
								{rows.map((document) => (
									<li key={document.id}>
										<button type="button" class="row-button" onClick={() => onPick(document)}>
											{textOfDocument(document)}
										</button>
									</li>
								))}
							</ul>
						);
					}}
				</Answered>
			)}
		</div>
	);
}
