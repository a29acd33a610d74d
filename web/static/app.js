// Says an amount in words while it is typed. Every page works without this file.
(function () {
  'use strict';
  var digits = '零一二三四五六七八九', units = ['', '十', '百', '千'], groups = ['', '万', '亿'];

  function group(number) {
    var text = '', gap = false;
    for (var place = 3; place >= 0; place--) {
      var digit = Math.floor(number / Math.pow(10, place)) % 10;
      if (!digit) { gap = text !== ''; continue; }
      text += (gap ? '零' : '') + digits[digit] + units[place];
      gap = false;
    }
    return text;
  }

  function spoken(number) {
    if (!number) { return '零'; }
    var text = '', gap = false;
    for (var place = 2; place >= 0; place--) {
      var part = Math.floor(number / Math.pow(10000, place)) % 10000;
      if (!part) { gap = text !== ''; continue; }
      text += (text && (gap || part < 1000) ? '零' : '') + group(part) + groups[place];
      gap = false;
    }
    return text.replace(/^一十/, '十');
  }

  function money(typed) {
    var found = /^([0-9]{1,10})(?:\.([0-9]{1,2}))?$/.exec(typed.normalize('NFKC').replace(/[,\s¥元]/g, ''));
    if (!found) { return ''; }
    var fen = Number(((found[2] || '') + '00').slice(0, 2)), yuan = Number(found[1]);
    var text = yuan || !fen ? spoken(yuan) + '元' : '';
    if (fen >= 10) { text += digits[Math.floor(fen / 10)] + '角'; } else if (fen && yuan) { text += '零'; }
    return text + (fen % 10 ? digits[fen % 10] + '分' : '');
  }

  document.querySelectorAll('input[data-echo]').forEach(function (box) {
    var echo = document.getElementById(box.dataset.echo);
    function say() { echo.textContent = money(box.value); }
    box.addEventListener('input', say);
    say();
  });
}());
