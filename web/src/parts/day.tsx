// SPDX-License-Identifier: Apache-2.0
//
// A day, typed as offices write it.  The browser's own field would show it in
// the order of the machine's language, whatever the page speaks.
import { useId } from 'preact/hooks';

import type { Day } from '../api/types';
import { formatDay, parseDay, today } from '../words/format';
import { say } from '../words/words';
import { Needed } from './form';
import { useTyped } from './use-typed';

/** A field of a form for a day; `onPick` hears of it once it is one. */
export function DayField({ label, name, value, isRequired, onPick, onClear }: {
	label: string;
	name: string;
	value?: Day;
	isRequired?: boolean;
	onPick?: (day: Day) => void;
	onClear?: () => void;
}) {
	const id = useId();

	const typing = useTyped(value ? formatDay(value) : '', (input) => {
		const day = parseDay(input.value);

		input.setCustomValidity(day === null && input.value !== '' ? say('day.wrong') : '');
		if (day !== null) {
			onPick?.(day);
			return onPick ? undefined : formatDay(day);
		}
		if (input.value === '') {
			onClear?.();
			return onClear ? undefined : '';
		}
		input.reportValidity();
		return input.value;
	});

	return (
		<div class="field">
			<label for={id}>
				{label}
				{isRequired && <Needed />}
			</label>
			<input
				id={id}
				name={name}
				class="day"
				inputMode="numeric"
				autocomplete="off"
				placeholder={say('day.form')}
				required={isRequired ?? false}
				{...typing}
			/>
		</div>
	);
}

/** A day to look at things on; '' stands for today. */
export function DayPicker({ label, value, onPick }: {
	label: string;
	value: Day | '';
	onPick: (day: Day | '') => void;
}) {
	return (
		<div class="field-row">
			<DayField
				label={label}
				name="day"
				value={value || today()}
				onPick={(day) => onPick(day === today() ? '' : day)}
			/>
			{value !== '' && (
				<button type="button" class="beside-field" onClick={() => onPick('')}>
					{say('day.today')}
				</button>
			)}
		</div>
	);
}
