// SPDX-License-Identifier: Apache-2.0
//
// What is filled in: a form with its fields.  A refusal that names a field is
// told beside it, and the reader is taken there.
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useId, useRef } from 'preact/hooks';

import type { Problem } from '../api/client';
import { say } from '../words/words';
import { ProblemBox } from './problem';

/** The refusal that the fields of a form look at. */
const Refusal = createContext<Problem | undefined>(undefined);

/** "/names/0" and "names/0" are one field. */
function isOf(problem: Problem | undefined, name: string): boolean {
	return problem !== undefined && (problem.field ?? '').replace(/^\//, '') === name;
}

/**
 * A form whose button says what it does.  `isBusy` and `problem` come from
 * useChange(); what stands beside the button is given as `beside`.
 */
export function Form({ label, doing, isBusy, problem, onSend, beside, children }: {
	label?: string;
	/** The words of the button. */
	doing: string;
	isBusy?: boolean;
	problem?: Problem | undefined;
	onSend: () => void;
	beside?: ComponentChildren;
	children: ComponentChildren;
}) {
	const form = useRef<HTMLFormElement>(null);

	useEffect(() => {
		if (problem) {
			form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .problem')?.focus();
		}
	}, [problem]);
	return (
		<form
			ref={form}
			aria-label={label}
			onSubmit={(event) => {
				event.preventDefault();
				onSend();
			}}
		>
			<Refusal.Provider value={problem}>{children}</Refusal.Provider>
			{problem && <ProblemBox problem={problem} />}
			<p class="presses">
				<button type="submit" class="main" disabled={isBusy ?? false}>
					{isBusy ? say('form.busy') : doing}
				</button>
				{beside}
			</p>
		</form>
	);
}

/** For who sees it; others hear it of the field. */
export function Needed() {
	return (
		<span class="needed" aria-hidden="true">
			{'\u00a0*'}
		</span>
	);
}

/** What every kind of field has. */
interface FieldProps {
	label: string;
	/** As the server names it in a refusal: "title", "names/0/name". */
	name: string;
	hint?: string | undefined;
	isRequired?: boolean;
}

/** A label, what is filled in, a hint, and what the server says of it. */
function Field({ label, name, hint, isRequired, children }: FieldProps & {
	children: (attributes: {
		id: string;
		name: string;
		required: boolean;
		'aria-invalid': boolean;
		'aria-describedby': string | undefined;
	}) => ComponentChildren;
}) {
	const id = useId();
	const problem = useContext(Refusal);
	const isWrong = isOf(problem, name);
	const told = [hint && `${id}-hint`, isWrong && `${id}-wrong`].filter(Boolean).join(' ');

	return (
		<div class="field">
			<label for={id}>
				{label}
				{isRequired && <Needed />}
			</label>
			{children({
				id,
				name,
				required: isRequired ?? false,
				'aria-invalid': isWrong,
				'aria-describedby': told || undefined,
			})}
			{hint && (
				<span id={`${id}-hint`} class="hint">
					{hint}
				</span>
			)}
			{isWrong && (
				<span id={`${id}-wrong`} class="wrong">
					{problem?.detail || problem?.message}
				</span>
			)}
		</div>
	);
}

/** What the server says of a field that is no part of this file. */
export function Refused({ name }: { name: string }) {
	const problem = useContext(Refusal);

	return isOf(problem, name) ? <p class="wrong">{problem!.detail || problem!.message}</p> : null;
}

export function TextField({ value, onType, lines, isSecret, inputMode, autocomplete, list, ...field }: FieldProps & {
	value: string;
	onType: (value: string) => void;
	/** More than one: a field of that height. */
	lines?: number;
	/** A password. */
	isSecret?: boolean;
	inputMode?: 'numeric' | 'text';
	autocomplete?: string;
	/** What is offered while one types; anything else may be typed as well. */
	list?: string[];
}) {
	return (
		<Field {...field}>
			{(attributes) => {
				const filled = {
					...attributes,
					value,
					autocomplete: autocomplete ?? 'off',
					inputMode: inputMode ?? 'text',
				};

				if (lines) {
					return (
						<textarea {...filled} rows={lines} onInput={(event) => onType(event.currentTarget.value)} />
					);
				}
				return isSecret ? (
					<input {...filled} type="password" onInput={(event) => onType(event.currentTarget.value)} />
				) : (
					<>
						<input
							{...filled}
							list={list && `${attributes.id}-list`}
							onInput={(event) => onType(event.currentTarget.value)}
						/>
						{list && (
							<datalist id={`${attributes.id}-list`}>
								{list.map((text) => (
									<option key={text} value={text} />
								))}
							</datalist>
						)}
					</>
				);
			}}
		</Field>
	);
}

export interface Option {
	value: string;
	text: string;
}

/** One of several; without `isRequired` also none of them. */
export function Choice({ value, options, onPick, none, ...field }: FieldProps & {
	value: string;
	options: Option[];
	onPick: (value: string) => void;
	/** What stands for none; nothing may then be chosen. */
	none?: string;
}) {
	return (
		<Field {...field}>
			{(attributes) => (
				<select {...attributes} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
					{(none !== undefined || value === '') && <option value="">{none ?? ''}</option>}
					{options.map((option) => (
						<option key={option.value} value={option.value}>
							{option.text}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}

/** Yes or no. */
export function Tick({ label, name, isOn, onSet }: {
	label: string;
	name: string;
	isOn: boolean;
	onSet: (isOn: boolean) => void;
}) {
	return (
		<label class="tick">
			<input
				type="checkbox"
				name={name}
				checked={isOn}
				onChange={(event) => onSet(event.currentTarget.checked)}
			/>{' '}
			{label}
		</label>
	);
}

/** Fields that belong together, under what they are. */
export function Group({ title, children }: { title: string; children: ComponentChildren }) {
	return (
		<fieldset class="group">
			<legend>{title}</legend>
			{children}
		</fieldset>
	);
}
