// Shows the print button where it can work; the browser's own menu prints without this file.
document.querySelectorAll('[data-print]').forEach(function (button) {
  'use strict';
  button.hidden = false;
  button.addEventListener('click', function () { window.print(); });
});
