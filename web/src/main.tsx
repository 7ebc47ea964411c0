// SPDX-License-Identifier: Apache-2.0
import './style/base.css';

import { render } from 'preact';

import { askWhoIAm } from './api/session';
import { followLinks } from './shell/address';
import { Shell } from './shell/shell';
import './style/print.css';

followLinks();
void askWhoIAm();
render(<Shell />, document.getElementById('page')!);
