// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

export const verify: Page = {
	path: '/kiem-tra',
	isPublic: true,
	links: () => [{ href: '/kiem-tra', text: say('verify.title') }],
	load: () => import('./verify'),
};
