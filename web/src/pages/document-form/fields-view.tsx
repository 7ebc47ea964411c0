// SPDX-License-Identifier: Apache-2.0
import { nameOf, rowsOf } from '../../api/laws';
import type { DocumentRecord } from '../../api/types';
import { DayField } from '../../parts/day';
import { DocumentChoice } from '../../parts/document-choice';
import { Choice, Group, Refused, TextField, Tick } from '../../parts/form';
import { Rows } from '../../parts/rows';
import { UnitChoice } from '../../parts/unit-choice';
import { useAnswer } from '../../parts/use-answer';
import { formatDays, formatSize, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import type { CitationDraft, Fields } from './fields';

const modes = ['TM', 'KT', 'TL', 'TUQ', 'Q'];
const purposes = ['report', 'info', 'exec', 'synth', 'follow'];
const relations = ['pursuant', 'implements', 'based_on', 'amends', 'amended_by', 'replaces', 'answers', 'annexed_to',
	'issues', 'reviews', 'evidence', 'refers'];

type Set = (changes: Partial<Fields>) => void;

function IssuerFields({ fields: { issuer, date }, onSet }: { fields: Fields; onSet: Set }) {
	const isOther = issuer.name !== undefined;

	return (
		<Group title={say('decision.issuer')}>
			{isOther ? (
				<TextField
					label={say('document.issuer.name')}
					name="issuer/name"
					isRequired
					value={issuer.name ?? ''}
					onType={(name) => onSet({ issuer: { name } })}
				/>
			) : (
				<>
					<UnitChoice
						label={say('document.issuer.unit')}
						name="issuer/unit"
						isRequired
						value={issuer.unit ?? ''}
						day={typeof date === 'string' && date !== '' ? date : today()}
						onPick={(unit) => onSet({ issuer: { unit } })}
					/>
					<Refused name="issuer/unit" />
				</>
			)}
			<Refused name="issuer" />
			<Tick
				label={say('document.issuer.other')}
				name="issuer-other"
				isOn={isOther}
				onSet={(isOn) => onSet({ issuer: isOn ? { name: '' } : {} })}
			/>
		</Group>
	);
}

function SignerFields({ fields: { signer }, onSet }: { fields: Fields; onSet: Set }) {
	const set = (changes: Partial<typeof signer>) => onSet({ signer: { ...signer, ...changes } });

	return (
		<Group title={say('document.signer')}>
			<div class="form-row">
				<Choice
					label={say('document.signer.mode')}
					name="signer/mode"
					none={say('document.signer.self')}
					value={signer.mode ?? ''}
					options={modes.map((value) => ({ value, text: sayCode('signer.mode', value) }))}
					onPick={(mode) => set({ mode })}
				/>
				<TextField
					label={say('document.signer.position')}
					name="signer/position"
					value={signer.position ?? ''}
					onType={(position) => set({ position })}
				/>
				<TextField
					label={say('document.signer.name')}
					name="signer/name"
					value={signer.name ?? ''}
					onType={(name) => set({ name })}
				/>
			</div>
		</Group>
	);
}

/** One of ours, found by its number. */
function OursChoice({ id, name, onPick }: { id: string; name: string; onPick: (id: string) => void }) {
	const answer = useAnswer<DocumentRecord>(id === '' ? null : `/documents/${encodeURIComponent(id)}`);

	return (
		<div class="citation-choice">
			<DocumentChoice
				label={say('document.cited')}
				value={id === '' ? null : (answer.value ?? null)}
				onPick={(document) => onPick(document?.id ?? '')}
			/>
			<Refused name={name} />
		</div>
	);
}

function CitationFields({ row, at, onSet }: {
	row: CitationDraft;
	at: string;
	onSet: (changes: Partial<CitationDraft>) => void;
}) {
	const known = relations.includes(row.relation) ? relations : [...relations, row.relation];

	return (
		<>
			<Choice
				label={say('document.relation')}
				name={`${at}relation`}
				isRequired
				value={row.relation}
				options={known.map((value) => ({ value, text: sayCode('citation', value) }))}
				onPick={(relation) => onSet({ relation })}
			/>
			<Choice
				label={say('document.cited.where')}
				name={`${at}where`}
				isRequired
				value={row.isOurs ? 'ours' : 'other'}
				options={['ours', 'other'].map((value) => ({ value, text: sayCode('document.cited', value) }))}
				onPick={(where) => onSet({ isOurs: where === 'ours' })}
			/>
			{row.isOurs ? (
				<OursChoice id={row.document ?? ''} name={`${at}document`} onPick={(document) => onSet({ document })} />
			) : (
				<TextField
					label={say('decision.number')}
					name={`${at}reference`}
					isRequired
					value={row.reference ?? ''}
					onType={(reference) => onSet({ reference })}
				/>
			)}
			<TextField
				label={say('document.note')}
				name={`${at}note`}
				value={row.note ?? ''}
				onType={(note) => onSet({ note })}
			/>
		</>
	);
}

/** Files that the record has; those that are added are sent beside them. */
function KeptFiles({ fields: { attachments }, onSet }: { fields: Fields; onSet: Set }) {
	return attachments.length === 0 ? null : (
		<Group title={say('document.files.kept')}>
			<ul class="plain">
				{attachments.map((file, i) => (
					<li key={i} class="kept-file">
						<span>
							<bdi>{file.name}</bdi> <span class="hint">{formatSize(file.size)}</span>
						</span>
						<button
							type="button"
							aria-label={say('making.drop.of', { name: file.name })}
							onClick={() => onSet({ attachments: attachments.filter((_, j) => j !== i) })}
						>
							{say('rows.remove')}
						</button>
					</li>
				))}
			</ul>
		</Group>
	);
}

export function FieldsView({ fields, onSet }: { fields: Fields; onSet: Set }) {
	return (
		<>
			<Choice
				label={say('document.kind')}
				name="kind"
				isRequired
				value={fields.kind}
				options={rowsOf('document-kinds').map(({ code }) => ({ value: code!, text: nameOf('document-kinds', code!) }))}
				onPick={(kind) => onSet({ kind })}
			/>
			<TextField
				label={say('decision.number')}
				name="reference"
				hint={say('document.reference.what')}
				value={fields.reference}
				onType={(reference) => onSet({ reference })}
			/>
			{typeof fields.date === 'string' ? (
				<>
					<DayField
						label={say('decision.date')}
						name="date"
						value={fields.date}
						onPick={(date) => onSet({ date })}
						onClear={() => onSet({ date: '' })}
					/>
					<Refused name="date" />
				</>
			) : (
				<p>
					{say('decision.date')}: {formatDays(fields.date)}
				</p>
			)}
			<IssuerFields fields={fields} onSet={onSet} />
			<TextField
				label={say('decision.subject')}
				name="subject"
				isRequired
				lines={2}
				value={fields.subject}
				onType={(subject) => onSet({ subject })}
			/>
			<SignerFields fields={fields} onSet={onSet} />
			<TextField
				label={say('document.place')}
				name="place"
				value={fields.place}
				onType={(place) => onSet({ place })}
			/>
			<TextField
				label={say('document.addressee')}
				name="addressee"
				value={fields.addressee}
				onType={(addressee) => onSet({ addressee })}
			/>
			<Rows
				title={say('document.recipients')}
				name="recipients"
				rows={fields.recipients}
				fresh={{ name: '' }}
				least={0}
				onSet={(recipients) => onSet({ recipients })}
			>
				{(row, set, at) => (
					<>
						<TextField
							label={say('document.recipient')}
							name={`${at}name`}
							isRequired
							value={row.name}
							onType={(name) => set({ name })}
						/>
						<Choice
							label={say('document.purpose')}
							name={`${at}purpose`}
							none={say('document.purpose.none')}
							value={row.purpose ?? ''}
							options={purposes.map((value) => ({ value, text: sayCode('recipient', value) }))}
							onPick={(purpose) => set({ purpose })}
						/>
					</>
				)}
			</Rows>
			<Rows
				title={say('document.citations')}
				name="citations"
				rows={fields.citations}
				fresh={{ isOurs: true, relation: 'pursuant' } as CitationDraft}
				least={0}
				onSet={(citations) => onSet({ citations })}
			>
				{(row, set, at) => <CitationFields row={row} at={at} onSet={set} />}
			</Rows>
			<KeptFiles fields={fields} onSet={onSet} />
		</>
	);
}
