// SPDX-License-Identifier: Apache-2.0
//
// What is found as offices know it, by number and symbol; what was asked for
// stands in the address.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { query, setQuery } from '../shell/address';
import { say } from '../words/words';
import { Form, TextField } from './form';

export function ReferenceSearch({ label, children }: {
	label: string;
	/** What was found under it. */
	children: (reference: string) => ComponentChildren;
}) {
	const wanted = query('so');
	const [typed, setTyped] = useState(wanted);

	return (
		<>
			<div class="narrow">
				<Form label={label} doing={say('document.search')} onSend={() => setQuery({ so: typed.trim() })}>
					<TextField
						label={say('decision.number')}
						name="reference"
						isRequired
						hint={say('decisions.hint')}
						value={typed}
						onType={setTyped}
					/>
				</Form>
			</div>
			{wanted !== '' && children(wanted)}
		</>
	);
}
