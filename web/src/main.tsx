// SPDX-License-Identifier: Apache-2.0
//
// All that the first view needs is asked for at once: over a weak line each
// wait for another is longer than what it brings.
import './style/base.css';

import { render } from 'preact';

import { askWhoIAm } from './api/session';
import { find } from './pages';
import { address, followLinks } from './shell/address';
import { sayWhatIsNeeded } from './shell/needed';
import { Shell } from './shell/shell';
import './style/print.css';
import { language, speak } from './words/words';

followLinks();
sayWhatIsNeeded();
// The words first: they are the longest, and six go side by side.
const spoken = speak(language.value);

void askWhoIAm();
// A failure is told by whoever waits for it.
find(address.value.pathname)?.page.load().catch(() => {});
spoken.then(
	() => render(<Shell />, document.getElementById('page')!),
	() => document.getElementById('unspoken')!.removeAttribute('hidden'),
);
